import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { enterable } from './namespace.ts';
import { builtProgram, type Ended, type Running, start, until } from './program.ts';

/** The crons whose crontab program a world can have: real ones, and stand-ins of test/fixtures/crons. */
export type WorldCron = 'debian' | 'systemd-cron' | 'bcron' | 'cronie' | 'busybox';

/** Where packages that cannot be installed beside cron lie unpacked, each in the folder of its name. */
const packages = process.env.OTHER_CRONS ?? '/opt/cronwright-crons';

const proof: Readonly<Record<WorldCron, string>> = {
  debian: '/usr/bin/crontab',
  'systemd-cron': join(packages, 'systemd-cron/usr/bin/crontab'),
  bcron: join(packages, 'bcron/usr/bin/bcrontab'),
  cronie: stand('cronie'),
  busybox: stand('busybox'),
};

function stand(name: string): string {
  return join(import.meta.dirname, '../fixtures/crons', name, 'crontab');
}

/** Whether this machine can give a program a system of its own in which the crontab is that of a cron. */
export function canMakeSystem(cron: WorldCron): boolean {
  const needed = ['/usr/bin/unshare', '/usr/bin/nsenter', '/usr/bin/setpriv', '/var/spool/cron', proof[cron]];
  return userInfo().uid === 0 && needed.every((path) => existsSync(path));
}

/** What a test needs that is skipped where {@link canMakeSystem} says no. */
export function systemWith(cron: WorldCron): string {
  return `root, util-linux, /var/spool/cron and ${proof[cron]}`;
}

/** The accounts beside those of the machine, by their ids. */
export const accounts = { alice: 61_001, bob: 61_002, cron: 61_003 } as const;

/** How a program is started in a system. */
export interface RunOptions {
  /** Root if not given. */
  readonly as?: keyof typeof accounts | 'www-data';
  readonly env?: Readonly<Record<string, string>>;
}

/** A system with tables, accounts, /etc, /home and /var/lib of its own: nothing there leaves a trace on this machine. */
export interface System {
  readonly launcher: string;
  /** The path, as seen from outside, of one in its /etc, /home, /var/lib or /var/spool/cron. */
  file(path: string): string;
  run(words: readonly [string, ...string[]], options?: RunOptions): Promise<Ended>;
  /** The same, while it runs; it ends with the test. */
  start(words: readonly [string, ...string[]], options?: RunOptions): Running;
  /** Runs cronwright, which must end with this status; returns all that it said. */
  ends(status: number, words: readonly string[], options?: RunOptions): Promise<string>;
  /** What cronwright prints on standard output, as JSON. */
  json<T>(words: readonly string[], options?: RunOptions): Promise<T>;
  /** Writes a file that root and everybody may read, and nobody else may write. */
  write(path: string, content: string | Buffer): string;
  /** The bytes of an account's table as they are stored; undefined where there is none. */
  stored(user?: string): Buffer | undefined;
  /** Makes bytes an account's table, through the crontab program. */
  place(table: Buffer | string, user?: string): Promise<void>;
}

/** Builds the program for the tests of one file, so that every account may start it. */
export function programForAll(): string {
  const launcher = builtProgram();
  chmodSync(dirname(dirname(dirname(launcher))), 0o755);
  return launcher;
}

/** The first process there ends with its standard input, and everything else with it. */
const script = (more: string) => `
set -e
for name in etc home var/lib var/spool/cron; do mount --bind "$0/$name" "/$name"; done
mount -t tmpfs -o mode=755 none /run
${more}
echo ready
exec cat
`;

export async function makeSystem(t: TestContext, launcher: string, cron: WorldCron): Promise<System> {
  const root = newRoot(t);
  const { path, more } = setUp[cron](root);
  const enter = await enterable(t, script(more), root);
  const began = (words: readonly string[], { as, env = {} }: RunOptions = {}): Running => {
    const user = as ?? 'root';
    const home = as === undefined ? '/root' : `/home/${as}`;
    const own = { PATH: `${path}:/usr/sbin:/usr/bin:/sbin:/bin`, HOME: home, USER: user, LOGNAME: user };
    const become = as === undefined ? [] : ['setpriv', `--reuid=${as}`, `--regid=${as}`, '--init-groups'];
    return start(enter([...become, ...words]), { env: { LANG: 'C.UTF-8', ...own, ...env } });
  };
  const run = (words: readonly string[], options?: RunOptions): Promise<Ended> => began(words, options).ended;
  const file = (inside: string) => join(root, inside);
  const system: System = {
    launcher,
    file,
    run,
    start: began,
    async ends(status, words, options) {
      const ended = await run([launcher, ...words], options);
      const said = ended.out + ended.err;
      if (ended.status !== status) throw new Error(`${words.join(' ')} ended with ${ended.status}: ${said}`);
      return said;
    },
    async json<T>(words: readonly string[], options?: RunOptions) {
      const { out, err } = await run([launcher, ...words, '--json'], options);
      if (out === '') throw new Error(`${words.join(' ')} printed nothing: ${err}`);
      return JSON.parse(out) as T;
    },
    write: (inside, content) => written(file(inside), content),
    stored: (user = 'root') => storedTable(file(`/var/spool/cron/crontabs/${user}`)),
    async place(table, user) {
      const given = written(join(root, 'given'), table);
      const ended = await run(['crontab', ...(user === undefined ? [] : ['-u', user]), given]);
      if (ended.status !== 0) throw new Error(`crontab would not take the table: ${ended.err}`);
    },
  };
  if (cron === 'bcron')
    await until('bcron-spool listens', async () => (await run(['test', '-S', socket])).status === 0);
  return system;
}

/** What is in place before the namespace is made. */
function newRoot(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'cronwright-system-'));
  // What still runs there may write meanwhile.
  t.after(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));
  chmodSync(root, 0o755);
  const etc = join(root, 'etc');
  execFileSync('cp', ['-a', '/etc', etc]);
  for (const name of ['crontab', 'cron.allow', 'cron.deny', 'cron.d', 'cronwright']) {
    rmSync(join(etc, name), { recursive: true, force: true });
  }
  for (const name of ['etc/cron.d', 'home', 'var/lib', 'var/spool/cron', 'bin']) {
    mkdirSync(join(root, name), { recursive: true });
  }
  newSpool(join(root, 'var/spool/cron/crontabs'));
  for (const [name, id] of Object.entries(accounts)) {
    appendFileSync(join(etc, 'passwd'), `${name}:x:${id}:${id}::/home/${name}:/bin/sh\n`);
    appendFileSync(join(etc, 'group'), `${name}:x:${id}:\n`);
    mkdirSync(join(root, 'home', name));
    chownSync(join(root, 'home', name), id, id);
  }
  return root;
}

/** Debian's crontab writes there with the rights of its group alone. */
function newSpool(path: string): void {
  mkdirSync(path);
  const group = /^crontab:[^:]*:(\d+):/m.exec(readFileSync('/etc/group', 'latin1'))?.[1];
  chownSync(path, 0, Number(group ?? 0));
  chmodSync(path, 0o1730);
}

/** Where the crontab program of a cron is found, and what it needs to be mounted or started. */
interface SetUp {
  readonly path: string;
  readonly more: string;
}

const socket = '/run/bcron-spool';

const setUp: Readonly<Record<WorldCron, (root: string) => SetUp>> = {
  debian: () => ({ path: '/usr/bin', more: '' }),
  // Its crontab reads tables with the code of its generator.
  'systemd-cron': () => ({
    path: join(packages, 'systemd-cron/usr/bin'),
    more: `mkdir /run/systemd && mount -t tmpfs -o mode=755 none /lib/systemd && cp -a ${packages}/systemd-cron/lib/systemd/. /lib/systemd`,
  }),
  bcron(root) {
    const spool = '/var/spool/cron';
    const own = join(packages, 'bcron/usr');
    const path = join(root, 'bin');
    const libraries = ['lib', 'lib/x86_64-linux-gnu', 'lib/aarch64-linux-gnu'].map((name) => join(own, name)).join(':');
    for (const [name, real] of bcronPrograms) {
      writeProgram(join(path, name), `#!/bin/sh\nLD_LIBRARY_PATH=${libraries} exec ${join(own, real)} "$@"\n`);
    }
    const server = `UID=${accounts.cron} GID=${accounts.cron} unixserver -U ${socket} bcron-spool`;
    const more = `mkdir ${spool}/tmp && chown -R cron:cron ${spool} && PATH=${path}:$PATH && env ${server} >/dev/null &`;
    return { path, more };
  },
  cronie: (root) => standIn(root, 'cronie'),
  busybox: (root) => standIn(root, 'busybox'),
};

const bcronPrograms = [
  ['crontab', 'bin/bcrontab'],
  ['unixserver', 'bin/unixserver'],
  ['bcron-spool', 'sbin/bcron-spool'],
  ['bcron-start', 'sbin/bcron-start'],
  ['bcron-sched', 'sbin/bcron-sched'],
  ['bcron-exec', 'sbin/bcron-exec'],
  ['bcron-update', 'sbin/bcron-update'],
] as const;

function standIn(root: string, name: WorldCron): SetUp {
  const path = join(root, 'bin');
  writeProgram(join(path, 'crontab'), `#!/bin/sh\nCRONS_SPOOL=/var/spool/cron/crontabs exec ${stand(name)} "$@"\n`);
  return { path, more: '' };
}

function writeProgram(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o755 });
}

function written(path: string, content: string | Buffer): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** The lines that Debian's crontab puts above a table are its own affair. */
const header = /^# DO NOT EDIT THIS FILE .*\n# \(.* installed on .*\n# \(Cron version .*\n/;

function storedTable(path: string): Buffer | undefined {
  if (!existsSync(path)) return undefined;
  return Buffer.from(readFileSync(path, 'latin1').replace(header, ''), 'latin1');
}
