import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { bad, doubtful, fine, type HealthFinding, unknown } from './finding.ts';

/** The cron daemons by the names of their processes. */
const daemons: Readonly<Record<string, string>> = {
  cron: 'cron',
  crond: 'crond',
  'bcron-sched': 'bcron',
  bcrond: 'bcron',
  fcron: 'fcron',
};

/** What systemd-cron puts where systemd looks for makers of units (systemd.generator(7)). */
const generators = ['/usr/lib', '/lib'].map(
  (folder) => `${folder}/systemd/system-generators/systemd-crontab-generator`,
);

/**
 * Whether one daemon runs that reads crontabs.
 * @param proc the file system of processes.
 * @param root where the system's files begin; empty for those of this machine.
 */
export function cronDaemon(proc = '/proc', root = ''): HealthFinding {
  const running = processes(proc);
  if (running === undefined) {
    return unknown('daemon', 'whether cron runs cannot be seen here: there is no /proc', 'look for cron with ps');
  }
  const found = [...daemonsAmong(running).map(({ name }) => daemons[name] ?? name), ...timers(running, root)];
  const [only, ...others] = found;
  if (only === undefined) {
    const message = 'no cron daemon is running, so nothing starts the jobs';
    return bad('daemon', message, 'systemctl start cron, or cronwright start');
  }
  if (others.length === 0) return fine('daemon', `${only} is running`);
  const message = `several daemons that read crontabs are running, ${found.join(' and ')}; where two read the same table they start each of its lines twice, and of those only the ones of cronwright once`;
  return doubtful('daemon', message, 'stop all but one of them, for good: systemctl disable --now NAME');
}

/** systemd-cron has no process: systemd itself has a timer for each line. */
function timers(running: readonly Process[], root: string): readonly string[] {
  const isThere = generators.some((path) => existsSync(`${root}${path}`));
  return isThere && running.some(({ name }) => name === 'systemd') ? ['systemd-cron'] : [];
}

interface Process {
  readonly folder: string;
  readonly name: string;
  readonly pid: string;
  readonly parent: string;
}

/** The folders of the daemons that read crontabs, in the file system of processes, as far as it can be seen. */
export function daemonFolders(proc: string): readonly string[] {
  return daemonsAmong(processes(proc) ?? []).map(({ folder }) => folder);
}

/** For each job a daemon has a child of its own name, which is no daemon. */
function daemonsAmong(running: readonly Process[]): readonly Process[] {
  const named = running.filter(({ name }) => Object.hasOwn(daemons, name));
  const pids = new Set(named.map(({ pid }) => pid));
  return named.filter(({ parent }) => !pids.has(parent));
}

function processes(proc: string): readonly Process[] | undefined {
  try {
    const own = spaceOf(`${proc}/self`);
    return readdirSync(proc)
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => isOurs(own, spaceOf(`${proc}/${pid}`)))
      .flatMap((pid) => processOf(proc, pid));
  } catch {
    return undefined;
  }
}

/** A container on this machine has processes, tables and a clock of its own. Whose space cannot be seen may be ours. */
function isOurs(own: string | undefined, its: string | undefined): boolean {
  return own === undefined || its === undefined || its === own;
}

/** Which processes one sees: see pid_namespaces(7). */
function spaceOf(folder: string): string | undefined {
  try {
    return readlinkSync(`${folder}/ns/pid`);
  } catch {
    return undefined;
  }
}

function processOf(proc: string, pid: string): readonly Process[] {
  try {
    const folder = `${proc}/${pid}`;
    const status = readFileSync(`${folder}/status`, 'latin1');
    const [, name = ''] = /^Name:\t(.*)$/m.exec(status) ?? [];
    const [, parent = ''] = /^PPid:\t(\d+)$/m.exec(status) ?? [];
    return [{ folder, name, pid, parent }];
  } catch {
    // It has ended meanwhile.
    return [];
  }
}
