import { statSync } from 'node:fs';
import { join } from 'node:path';
import { refusalBy } from '../../crontab/cron/check-table.ts';
import type { Cron } from '../../crontab/cron/cron.ts';
import { breachesOf, type TableBreach } from '../../crontab/cron/limits.ts';
import { recogniseCron } from '../../crontab/cron/recognise.ts';
import { spools } from '../../crontab/spool.ts';
import { ownAccount } from '../../job/account.ts';
import { modeText } from '../../job/mode-text.ts';

/** Why cron does not read a table that is there, in words, and by what that is known. */
export interface Refusal {
  readonly problem: string;
  readonly evidence: readonly string[];
}

/** Whether cron would take a user's table: most drop all of it for one line that they do not understand. */
export async function refusalOf(table: Buffer): Promise<Refusal | undefined> {
  const spoiled = spoiledFile();
  if (spoiled !== undefined) return spoiled;
  const cron = await recogniseCron();
  return cron && refusalOfCron(table, cron);
}

async function refusalOfCron(table: Buffer, cron: Cron): Promise<Refusal | undefined> {
  const breaches = breachesOf(table, cron, { system: false, root: ownAccount().uid === 0 });
  const known = breaches.slice(0, 3).map(inWords);
  const refused = await refusalBy(cron, table, { system: false });
  if (refused !== undefined) {
    const { problem, asked } = refused;
    return { problem, evidence: [`${asked} refuses the table: ${problem}`, ...known] };
  }
  const [first] = known;
  return first === undefined ? undefined : { problem: first, evidence: known };
}

function inWords({ line, message }: TableBreach): string {
  return line === null ? message : `line ${line}: ${message}`;
}

/** Debian's cron and cronie leave out a file that another than its user could have written. Only root can look. */
function spoiledFile(): Refusal | undefined {
  const { user, uid } = ownAccount();
  for (const spool of spools) {
    const path = join(spool, user);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats?.isFile()) continue;
    const mode = modeText(stats.mode);
    if ((stats.mode & 0o022) !== 0) return spoiled(path, `has mode ${mode}, and others may write it`);
    if (stats.nlink !== 1) return spoiled(path, `has ${stats.nlink} names (hard links)`);
    if (stats.uid !== uid && stats.uid !== 0) return spoiled(path, `belongs to uid ${stats.uid}`);
    return undefined;
  }
  return undefined;
}

function spoiled(path: string, what: string): Refusal {
  return { problem: `${path} ${what}`, evidence: ['cron reads a table only where its file is its user’s alone'] };
}
