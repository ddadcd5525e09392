import { readdirSync, readFileSync } from 'node:fs';
import { runProgram } from '../../crontab/program.ts';
import type { Table } from '../../crontab/table.ts';
import { errorMessage } from '../../errors.ts';
import { bad, fine, type HealthFinding } from './finding.ts';

/** The cron daemons by the names of their processes. */
const daemons: Readonly<Record<string, string>> = {
  cron: 'cron',
  crond: 'crond',
  'bcron-sched': 'bcron',
  bcrond: 'bcron',
  fcron: 'fcron',
};

/** Whether the crontab program is there and lets this user read the table. */
export async function crontabProgram(table: Table): Promise<HealthFinding> {
  try {
    await table.read();
    return fine('crontab', `the crontab program answers; this is ${await whichCron()}`);
  } catch (error) {
    return bad('crontab', errorMessage(error), 'install cron, or run the jobs with cronwright start');
  }
}

/** Which cron the crontab program belongs to, as far as it tells: cronie has -V, the others describe themselves. */
async function whichCron(): Promise<string> {
  const { stdout, stderr } = await runProgram(['crontab', '-V'], { timeout: 5_000 });
  const words = `${stdout}${stderr}`;
  const known = [
    ['cronie', /cronie/i],
    ['BusyBox crond', /busybox/i],
    ['systemd-cron', /systemd|argparse|unrecognized arguments/i],
    ['bcron', /bcron/i],
    ['Debian’s cron', /usage error: unrecognized option|-n \(dry run\)|crontab \[-u user\] (?:\[-n\] )?file/i],
  ] as const;
  return known.find(([, pattern]) => pattern.test(words))?.[0] ?? 'a cron that does not say which';
}

/** Whether a daemon runs that reads crontabs. */
export function cronDaemon(): HealthFinding {
  const running = processes('/proc')?.map(({ name }) => name);
  if (running === undefined) {
    const message = 'whether cron runs cannot be seen here: there is no /proc';
    return { check: 'daemon', state: 'unknown', message, remedy: 'look for cron with ps' };
  }
  const daemon = running.map((name) => daemons[name]).find((name) => name !== undefined);
  if (daemon !== undefined) return fine('daemon', `${daemon} is running`);
  if (running.includes('systemd') && hasSystemdCron()) return fine('daemon', 'systemd-cron makes timers of crontabs');
  return bad(
    'daemon',
    'no cron daemon is running, so nothing starts the jobs',
    'systemctl start cron, or cronwright start',
  );
}

interface Process {
  readonly pid: string;
  readonly name: string;
}

/** The folders of the daemons that read crontabs, in the file system of processes, as far as it can be seen. */
export function daemonFolders(proc: string): readonly string[] {
  const running = processes(proc) ?? [];
  return running.filter(({ name }) => daemons[name] !== undefined).map(({ pid }) => `${proc}/${pid}`);
}

function processes(proc: string): readonly Process[] | undefined {
  try {
    return readdirSync(proc)
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => processOf(proc, pid));
  } catch {
    return undefined;
  }
}

function processOf(proc: string, pid: string): readonly Process[] {
  try {
    return [{ pid, name: readFileSync(`${proc}/${pid}/comm`, 'latin1').trim() }];
  } catch {
    // It has ended meanwhile.
    return [];
  }
}

function hasSystemdCron(): boolean {
  try {
    return readdirSync('/run/systemd/generator').some((name) => name.startsWith('cron'));
  } catch {
    return false;
  }
}
