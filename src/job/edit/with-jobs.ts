import { UserError } from '../../errors.ts';
import { readSource } from '../document.ts';
import type { JobName } from '../job.ts';
import type { JobEntry } from '../shape.ts';
import { jobsOf } from '../written.ts';
import { type Gap, gapsIn } from './gap.ts';
import { blanks, mappingLines } from './yaml-lines.ts';
import { keyText, type YamlMapping } from './yaml-text.ts';

/** A job that is to stand in a jobs file. */
export interface JobEntryText {
  readonly name: JobName;
  /** Sentences that stand above its keys, each on a line behind `#`. */
  readonly comments: readonly string[];
  /** What the file is to say of it, its keys in the order in which they are to stand. */
  readonly entry: JobEntry;
}

/**
 * The text of a jobs file with further jobs behind those that it has. Every byte of it stays, but an empty value of
 * `jobs:` such as `{}`; indentation, line ends and blank lines between jobs are as the file has them. What is returned
 * has been read again: the old jobs are as they were, and the new ones are what was given.
 * @throws UserError where there is no place for them, a name is there already, or the text would not be read as meant.
 */
export function withJobs(text: string, jobs: readonly JobEntryText[]): string {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const before = text.slice(mark.length);
  if (jobs.length === 0) return text;
  const present = jobsOf(readSource(before, ''));
  const repeated = jobs.find(
    ({ name }, index) => name in present || jobs.findIndex((one) => one.name === name) < index,
  );
  if (repeated !== undefined)
    throw new UserError(`the jobs file has a job ${repeated.name} already`, 'name it otherwise');
  const wanted = meaningWith(before, jobs);
  const written = gapsIn(before).map((gap) => filled(before, gap, jobs));
  const sound = written.find((after) => meaningOf(after) === wanted);
  if (sound === undefined) throw misread();
  return mark + sound;
}

function misread(): UserError {
  return new UserError(
    'the jobs cannot be added to the jobs file: what is in it would not be read as before',
    'give jobs: a plain mapping of its own, one job below the other, and try again',
  );
}

function filled(text: string, gap: Gap, jobs: readonly JobEntryText[]): string {
  const groups = jobs.map((job) => jobLines(job, gap));
  const apart = groups.flatMap((lines, index) => (index > 0 || gap.apart ? ['', ...lines] : lines));
  const lines = [...gap.above, ...apart].map((line) => `${line}${gap.lineEnd}`);
  const start = gap.at > 0 && text[gap.at - 1] !== '\n' ? gap.lineEnd : '';
  const kept = text.slice(0, gap.drop[0]) + text.slice(gap.drop[1], gap.at);
  return `${kept}${start}${lines.join('')}${text.slice(gap.at)}`;
}

function jobLines({ name, comments, entry }: JobEntryText, { column, step }: Gap): readonly string[] {
  const inner = column + step;
  return [
    `${blanks(column)}${keyText(name)}:`,
    ...comments.map((comment) => `${blanks(inner)}# ${oneLine(comment)}`),
    ...mappingLines({ ...(entry as YamlMapping) }, inner, { step }),
  ];
}

/** A comment ends with its line, whatever is quoted in it. */
function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]+/g, ' ');
}

/** What a text means, to be compared; undefined where it is broken. The order of keys counts. */
function meaningOf(text: string): string | undefined {
  const { value, problems } = readSource(text, '');
  return problems.some(({ severity }) => severity === 'error') ? undefined : JSON.stringify(value);
}

function meaningWith(text: string, jobs: readonly JobEntryText[]): string {
  const value = readSource(text, '').value as Readonly<Record<string, unknown>> | null;
  const added = Object.fromEntries(jobs.map(({ name, entry }) => [name, entry]));
  return JSON.stringify({ ...value, jobs: { ...jobsOf({ value } as never), ...added } });
}
