import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { directory } from '../rig.ts';

/** A crontab program taken out of a package of Debian's, which is not installed. */
export interface Unpacked {
  /** Starts it with a spool and a /run that only it sees: no table of this machine is touched. */
  readonly program: string;
  /** Where its package lies. */
  readonly root: string;
}

const spool = '/var/spool/cron';
const libraries = ['usr/lib', 'usr/lib/x86_64-linux-gnu', 'usr/lib/aarch64-linux-gnu'];

/**
 * The crontab of a package, or undefined, with the test skipped, where the package or a mount namespace cannot be had.
 * @param packages the first is the one that has the program, the others are what it needs.
 */
export function unpacked(t: TestContext, packages: readonly [string, ...string[]]): Unpacked | undefined {
  try {
    if (!existsSync(spool)) throw new Error(`there is no ${spool} to put another in front of`);
    const root = directory(t);
    fetch(packages, root);
    const program = join(root, 'crontab');
    writeFileSync(program, script(root), { mode: 0o755 });
    return { program, root };
  } catch (error) {
    if (process.env.CI !== undefined) throw error;
    t.skip(`needs the package ${packages[0]}: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
    return undefined;
  }
}

function fetch(packages: readonly string[], root: string): void {
  const quietly = { cwd: root, stdio: 'ignore', timeout: 60_000 } as const;
  execFileSync('apt-get', ['download', ...packages], quietly);
  const files = readdirSync(root).filter((name) => name.endsWith('.deb'));
  for (const file of files) execFileSync('dpkg', ['-x', file, root], quietly);
}

function script(root: string): string {
  const own = join(root, 'own-spool');
  mkdirSync(join(own, 'crontabs'), { recursive: true });
  const unshare = userInfo().uid === 0 ? 'unshare --mount' : 'unshare --mount --map-root-user';
  const inside = `mount --bind ${own} ${spool} && mount -t tmpfs none /run && exec ${join(root, 'usr/bin/crontab')} "$@"`;
  const path = libraries.map((name) => join(root, name)).join(':');
  return `#!/bin/sh\nexport LD_LIBRARY_PATH=${path}\nexec ${unshare} sh -c '${inside}' crontab "$@"\n`;
}
