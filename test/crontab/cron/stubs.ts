import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { directory } from '../rig.ts';

/** The crons of which test/fixtures/crons has a crontab program. */
export type StubName = 'cronie' | 'busybox' | 'macos';

/** A crontab program that behaves as that of another cron does, with tables of its own. */
export interface StubCron {
  /** A script that may be started with any environment. */
  readonly program: string;
  /** The directory of the program, for PATH. */
  readonly bin: string;
  /** Where the tables lie, one file for each account. */
  readonly spool: string;
  /** The caller's table; undefined where there is none. */
  stored(): Buffer | undefined;
}

export function stubCron(t: TestContext, name: StubName): StubCron {
  const path = directory(t);
  const [bin, spool] = [join(path, 'bin'), join(path, 'spool')];
  for (const folder of [bin, spool]) mkdirSync(folder);
  const real = join(import.meta.dirname, '../../fixtures/crons', name, 'crontab');
  const program = join(bin, 'crontab');
  writeFileSync(program, `#!/bin/sh\nCRONS_SPOOL=${spool} exec ${real} "$@"\n`);
  chmodSync(program, 0o755);
  const file = join(spool, userInfo().username);
  return { program, bin, spool, stored: () => (existsSync(file) ? readFileSync(file) : undefined) };
}
