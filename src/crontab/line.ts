import { UserError } from '../errors.ts';
import type { JobTimes } from '../schedule/calendar/job-calendar.ts';
import { type Host, timeParts } from './fields.ts';

/** How a table line starts cronwright. */
export interface Launcher {
  /** Absolute path of the program. */
  readonly path: string;
  /** Absolute path of the state directory; undefined for the one that cron's environment leads to. */
  readonly state: string | undefined;
  /** The account that a line of a system table names; absent in a crontab, where it is the owner's. */
  readonly user?: string | undefined;
}

/** A job as its lines need it. */
export type LineJob = JobTimes;

/**
 * The lines of a job, without line ends: one for its calendar and one for each start of the machine, as far as it has them.
 * The host’s cron finds them due at each slot in the year in which they are made and those to come, and perhaps oftener.
 * @throws UserError when the launcher cannot stand in a table, or the system does not know the job's zone.
 */
export function jobLines(job: LineJob, launcher: Launcher, host: Host): readonly string[] {
  return timeParts(job, host).map(({ kind, text }) => {
    const verb = kind === 'reboot' ? '--at-boot' : '--scheduled';
    return `${text} ${account(launcher)}${lineCommand(launcher, ['run', verb, job.id])}`;
  });
}

/** The part of a line that says when, apart from what it starts and for whom. */
export function timeOf(line: string): string {
  return /^(?:@\S+|(?:\S+ ){4}\S+)/.exec(line)?.[0] ?? line;
}

function account({ user }: Launcher): string {
  return user === undefined ? '' : `${user} `;
}

/** The line that keeps everything else going, once a minute. Throws as {@link jobLines} does. */
export function tickLine(launcher: Launcher): string {
  return `* * * * * ${account(launcher)}${lineCommand(launcher, ['tick'])}`;
}

/** Debian's cron drops the whole table for one command that is longer. */
const longestCommand = 998;

/**
 * The command of a table line: words that no shell and no cron reads as anything else, so that none is ever quoted. `%`,
 * `#` and backslashes differ between crons.
 * @throws UserError for any other character, a path that is not absolute, and more than 998 characters.
 */
export function lineCommand({ path, state }: Launcher, words: readonly string[]): string {
  checkPath(path, 'the path of cronwright', 'install cronwright in another directory');
  if (state !== undefined) checkPath(state, 'the state directory', 'choose another directory with --state');
  const command = [path, ...(state === undefined ? [] : ['--state', state]), ...words].join(' ');
  if (command.length <= longestCommand) return command;
  throw new UserError(
    `the command of a crontab line would have ${command.length} characters, expected at most ${longestCommand}: ${command.slice(0, 60)}…`,
    'use a shorter path for cronwright or for the state directory',
  );
}

const admitted = 'letters, digits and . _ / @ + , : = -';
const otherCharacter = /[^A-Za-z0-9._/@+,:=-]/u;

function checkPath(path: string, what: string, remedy: string): void {
  const found = otherCharacter.exec(path);
  if (found !== null) {
    const problem = `${what} has the character ${JSON.stringify(found[0])}, which cannot stand in every crontab`;
    throw new UserError(`${problem}: ${JSON.stringify(path)}`, `${remedy}, with only ${admitted}`);
  }
  if (path.startsWith('/')) return;
  throw new UserError(
    `${what} is not absolute: ${JSON.stringify(path)}`,
    `cron starts in the home directory; ${remedy}`,
  );
}
