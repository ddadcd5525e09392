import { accessSync, constants, mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { enterable } from './namespace.ts';
import { type Ended, run, start, until } from './program.ts';

/** Whether this machine can give a cron a world of its own: Debian's cron, util-linux, and root to use it. */
export function canMakeCronWorld(): boolean {
  const needed = ['/usr/sbin/cron', '/usr/bin/crontab', '/usr/bin/unshare', '/usr/bin/nsenter', '/usr/bin/openssl'];
  return userInfo().uid === 0 && needed.every(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function second(): number {
  return Math.floor(Date.now() / 1_000);
}

/** A world with tables, processes and a /var/lib of its own: what happens there leaves no trace on this machine. */
export interface CronWorld {
  /** What is in its /var/lib, seen from outside. */
  readonly varLib: string;
  /** The file that cron reads for root, seen from outside. */
  readonly spoolFile: string;
  /** Runs a program there, as root in an administrator's shell. */
  run(...words: [string, ...string[]]): Promise<Ended>;
  /** The bytes that `crontab -l` prints. */
  table(): Promise<string>;
  /** Returns what stops it. */
  startCron(): Promise<() => Promise<unknown>>;
}

const environment = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' };

const script = `
set -e
mount --bind "$0/spool" /var/spool/cron/crontabs
mount --bind "$0/var-lib" /var/lib
mount -t tmpfs none /run
mount -t tmpfs none /etc/cron.d
mount --bind /dev/null /etc/crontab
echo ready
exec cat
`;

export async function makeCronWorld(t: TestContext, directory: string): Promise<CronWorld> {
  const [varLib, spool] = [join(directory, 'var-lib'), join(directory, 'spool')];
  mkdirSync(varLib);
  mkdirSync(spool, { mode: 0o1730 });
  const enter = await enterable(t, script, directory);
  return {
    varLib,
    spoolFile: join(spool, 'root'),
    run: (...words) => run(enter(words), { env: environment }),
    table: async () => (await run(enter(['crontab', '-l']), { env: environment })).out,
    async startCron() {
      const cron = start(enter(['cron', '-f', '-L', '0']), { env: environment });
      await until('cron runs', async () => (await run(enter(['cat', '/run/crond.pid']))).status === 0);
      // It compares times of change in whole seconds, and would not see a table of the second in which it read the last.
      const read = second();
      await until('the next second', () => second() > read);
      return async () => {
        await run(enter(['sh', '-c', 'kill "$(cat /run/crond.pid)"']), { env: environment });
        return cron.ended;
      };
    },
  };
}
