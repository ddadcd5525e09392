import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../../crontab/program.ts';
import { ownAccount } from '../../job/account.ts';

/** Why cron does not read a table that is there, in words, and by what that is known. */
export interface Refusal {
  readonly problem: string;
  readonly evidence: readonly string[];
}

/** Whether cron would take a user's table: one line that it does not understand, and it drops all of them. */
export async function refusalOf(table: Buffer): Promise<Refusal | undefined> {
  const spoiled = spoiledFile();
  if (spoiled !== undefined) return spoiled;
  const check = await checkOption();
  if (check === undefined) return undefined;
  const directory = mkdtempSync(join(tmpdir(), 'cronwright-why-'));
  try {
    const path = join(directory, 'table');
    writeFileSync(path, table, { mode: 0o600 });
    return await checked(path, check, table);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** How the crontab program checks a file. Another cron takes the same letters for something else, so it is asked first. */
async function checkOption(): Promise<'-n' | '-T' | undefined> {
  const { stdout, stderr } = await runProgram(['crontab', '-V'], { timeout: 5_000, env: { LC_ALL: 'C' } });
  const words = `${stdout}${stderr}`;
  if (/cronie/i.test(words)) return '-T';
  return /-n\s+\(dry run/.test(words) ? '-n' : undefined;
}

async function checked(path: string, option: string, table: Buffer): Promise<Refusal | undefined> {
  const result = await runProgram(['crontab', option, path], { timeout: 10_000, env: { LC_ALL: 'C' } });
  if (result.kind !== 'exited' || result.status === 0) return undefined;
  const said = result.stderr.toString().trim().split('\n')[0] ?? '';
  // Its line numbers are not those of the file.
  const problem = said.replace(/^"?[^":]*"?:\d+: /, '').replace(/, can't install\.?$/, '');
  return { problem, evidence: [`crontab ${option} refuses the table: ${problem}`, ...longLines(table)] };
}

/** Debian's cron drops a table for a command of more characters. */
const longestCommand = 998;
const fiveFields = /^\s*(?:@\S+|(?:\S+\s+){4}\S+)\s+/;

function longLines(table: Buffer): readonly string[] {
  return table
    .toString('latin1')
    .split('\n')
    .flatMap((line, index) => {
      const length = /^\s*#/.test(line) ? 0 : line.replace(fiveFields, '').length;
      return length > longestCommand
        ? [`the command of line ${index + 1} has ${length} characters, and Debian’s cron takes ${longestCommand}`]
        : [];
    })
    .slice(0, 3);
}

/** Where crons keep the tables of users. */
const spools = ['/var/spool/cron/crontabs', '/var/spool/cron'];

/** Debian's cron and cronie leave out a file that another than its user could have written. Only root can look. */
function spoiledFile(): Refusal | undefined {
  const { user, uid } = ownAccount();
  for (const spool of spools) {
    const path = join(spool, user);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats?.isFile()) continue;
    const mode = (stats.mode & 0o7777).toString(8).padStart(4, '0');
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
