import { inPrivateFile } from '../private-file.ts';
import { runProgram } from '../program.ts';
import { ownRights, type Rights } from '../rights.ts';
import type { Cron } from './cron.ts';
import { recogniseCron } from './recognise.ts';

/** Why the crontab program would not take a table. */
export interface TableRefusal {
  /** What it said first, without the name of the file. */
  readonly problem: string;
  /** How it was asked, such as `crontab -n`. */
  readonly asked: string;
}

/** What is checked, by which program, and with which rights. */
export interface CheckOptions {
  /** Its lines name an account. */
  readonly system: boolean;
  /** A name to look for on PATH, or a path. */
  readonly program?: string;
  readonly rights?: Rights;
}

/**
 * Asks the crontab program of a cron whether it would take a table, by its own check on a private file. Undefined where
 * it takes it, where it has no check, and for a system table, whose lines its check does not know. Only the program of
 * that very cron is asked: what is a check to one is an order to another.
 */
export async function refusalBy(
  cron: Cron,
  table: Buffer,
  { system, program = 'crontab', rights = ownRights }: CheckOptions,
): Promise<TableRefusal | undefined> {
  if (cron.check === undefined || system) return undefined;
  const present = await recogniseCron(program);
  if (present?.name !== cron.name) return undefined;
  const { check } = cron;
  const options = { timeout: 10_000, env: { LC_ALL: 'C' } };
  const ask = (path: string) => rights(() => runProgram([program, check, path], options));
  const result = await inPrivateFile(table, ask, rights);
  if (result.kind !== 'exited' || result.status === 0) return undefined;
  return { problem: firstComplaint(result.stderr), asked: `crontab ${check}` };
}

/** Its line numbers are not those of the file. */
function firstComplaint(stderr: Buffer): string {
  const said = stderr.toString().trim().split('\n')[0] ?? '';
  return said.replace(/^"?[^":]*"?:\d+: /, '').replace(/, can't install\.?$/, '');
}
