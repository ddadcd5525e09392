import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Clock } from '../../src/clock.ts';
import type { Job, MailSettings } from '../../src/job/job.ts';
import type { World } from '../../src/launch/launch.ts';
import { type InstalledJob, installedJob } from '../../src/store/registry.ts';
import type { Store } from '../../src/store/store.ts';
import { mailProgram } from '../notify/rig.ts';
import { installJobs, newStore } from '../store/rig.ts';

/** A world of a test's own, and what it complained about. */
export interface TestWorld extends World {
  readonly complaints: string[];
  readonly canceller: AbortController;
}

export function worldOf(store: Store, clock: Clock, changes: Partial<World> = {}): TestWorld {
  const complaints: string[] = [];
  const canceller = new AbortController();
  return {
    store,
    clock,
    environment: { PATH: '/usr/bin:/bin', SECRET: 'from the wrapper' },
    identity: { user: 'ann', home: '/' },
    host: 'db1',
    program: 'cronwright',
    cancel: canceller.signal,
    complain: (text) => void complaints.push(text),
    complaints,
    canceller,
    ...changes,
  };
}

/** A store of a test's own with one job in it. */
export function storeWith(t: TestContext, job: Job, mail?: MailSettings): { store: Store; installed: InstalledJob } {
  const store = newStore(t);
  installJobs(store, [job], mail);
  const installed = installedJob(store, job.id);
  if (installed === undefined) throw new Error('it was just installed');
  return { store, installed };
}

/** Mail through one of the tiny programs of test/fixtures/mail. */
export function mailThrough(program: string, ...args: readonly string[]): MailSettings {
  const argv = [mailProgram(program), ...args] as const;
  return { from: 'cron@shop.example', to: ['ops@shop.example'], transport: { kind: 'sendmail', argv } };
}

/** Mail that is added to a file, and that file. */
export function mailToFile(store: Pick<Store, 'directory'>): { readonly mail: MailSettings; readonly file: string } {
  const file = join(store.directory, 'mails');
  return { mail: mailThrough('appends-message', file), file };
}
