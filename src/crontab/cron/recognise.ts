import { type ProgramResult, runProgram } from '../program.ts';
import type { Cron } from './cron.ts';
import { crons } from './crons.ts';

const known = new Map<string, Promise<Cron | undefined>>();

/** Which cron the `crontab` on PATH belongs to; undefined where it is not there or does not tell. Asked once for each process. */
export function recogniseCron(program = 'crontab'): Promise<Cron | undefined> {
  const found = known.get(program) ?? ask(program);
  known.set(program, found);
  return found;
}

/**
 * Cronie alone has `-V`; every other refuses it with its usage and does nothing. The `-l` is for a program that passes
 * over what it does not know: without it, it would take its input, which is nothing, for the new table.
 */
async function ask(program: string): Promise<Cron | undefined> {
  return cronOf(await runProgram([program, '-V', '-l'], { timeout: 5_000, env: { LC_ALL: 'C' } }));
}

/** Whose answer to `crontab -V` it is. Where the table itself was printed, nothing of it counts. */
export function cronOf(
  answer: Pick<ProgramResult, 'kind' | 'stdout' | 'stderr'> & { readonly status?: number },
): Cron | undefined {
  if (answer.kind !== 'exited') return undefined;
  if (answer.status === 0) return /^cronie \d\S*\n?$/.test(answer.stdout.toString('latin1')) ? crons.cronie : undefined;
  // That of bcron has its usage on standard output.
  const words = `${answer.stdout.toString('latin1')}${answer.stderr.toString('latin1')}`;
  return signs.find(({ pattern }) => pattern.test(words))?.cron;
}

/** What each says to an option that it does not know. The first that fits is it. */
const signs: readonly { readonly cron: Cron; readonly pattern: RegExp }[] = [
  { cron: crons.busybox, pattern: /^BusyBox v\d/m },
  { cron: crons.bcron, pattern: /^usage: bcrontab /m },
  { cron: crons['systemd-cron'], pattern: /\[-l \| -r \| -e \| -s\]/ },
  { cron: crons.debian, pattern: /^\s+-n\s+\(dry run: /m },
  // The getopt(3) of BSD says "illegal" where that of GNU says "invalid".
  { cron: crons.macos, pattern: /illegal option -- V/ },
];
