import { type JobId, jobId } from '../job/job.ts';

/** The words by which a line names what it starts, wherever in it they stand. */
const jobWords = /(?:^|\s)run (--scheduled|--at-boot) ([a-z0-9-]+\/[a-z0-9-]+)(?![^\s;|&<>)])/;
const tickWords = /\stick\s*$/;

/**
 * What a line within a block is for: `--scheduled shop/backup`, `tick`; undefined where it tells neither. It outlives a
 * change of time or path and becoming a comment.
 */
export function subjectOf(line: string): string | undefined {
  const [, verb, job] = jobWords.exec(line) ?? [];
  if (verb !== undefined) return `${verb} ${job}`;
  return tickWords.test(line) ? 'tick' : undefined;
}

/** The job that a line names; null where it names none. */
export function jobOf(line: string): JobId | null {
  const name = jobWords.exec(line)?.[2];
  return (name === undefined ? undefined : jobId(name)) ?? null;
}

export function isComment(line: string): boolean {
  return /^\s*#/.test(line);
}

/** Blanks and a word such as `DISABLED`, as people write them before a line that is not to run. */
const commented = /^\s*#[#\s]*(?:[A-Za-z][\w-]*:?\s+)??/.source;
/** Five fields or a nickname of crontab(5): only the last two may begin with a name. */
const time = /(?:@\S+|(?:[\d*]\S*\s+){3}[\w*]\S*\s+[\w*]\S*)\s+/.source;
const started = /(\/\S+(?: --state \S+)? (?:run --(?:scheduled|at-boot) [a-z0-9-]+\/[a-z0-9-]+|tick))(?=\s|$)/.source;

const patterns = {
  own: startPattern(''),
  system: startPattern('[^\\s/]\\S*\\s+'),
} as const;

function startPattern(account: string): RegExp {
  return new RegExp(`^(?:${commented})?\\s*${time}${account}${started}`);
}

/** Where a table's lines name an account between time and command, `system`, else `own`. */
export type LineForm = keyof typeof patterns;

/** Of a line of ours. */
export function formOf(line: string): LineForm {
  return patterns.own.test(line) ? 'own' : 'system';
}

/**
 * The launcher with its words that an entry starts, be it a comment now. Undefined for any other line: outside of our
 * blocks a text that merely mentions a job is not ours.
 */
export function startOf(line: string, form: LineForm): string | undefined {
  return patterns[form].exec(line)?.[1];
}
