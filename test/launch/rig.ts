import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../../src/clock.ts';
import type { Job, JobId, MailSettings } from '../../src/job/job.ts';
import type { StoredWorld, StorelessWorld } from '../../src/launch/world.ts';
import { tasksOfJob } from '../../src/run/tree.ts';
import { writeCopy } from '../../src/store/copy.ts';
import { type InstalledJob, installedJob } from '../../src/store/registry.ts';
import { history, type Run } from '../../src/store/runs.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { StoreTrouble } from '../../src/store/trouble.ts';
import { mailProgram } from '../notify/rig.ts';
import { sweep, until } from '../run/rig.ts';
import { installJobs, jobOf, newStore } from '../store/rig.ts';
import { newState } from '../store/spool-rig.ts';

/** A world of a test's own, and what it complained about. */
export interface TestWorld extends StoredWorld {
  readonly complaints: string[];
  readonly canceller: AbortController;
}

export function worldOf(store: Store, clock: Clock, changes: Partial<StoredWorld> = {}): TestWorld {
  const complaints: string[] = [];
  const canceller = new AbortController();
  return {
    state: store.directory,
    store,
    clock,
    environment: { PATH: '/usr/bin:/bin', SECRET: 'from the wrapper' },
    identity: { user: 'ann', uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, home: '/', shell: '/bin/sh' },
    host: 'db1',
    launcher: '/usr/bin/cronwright',
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

export function shell(line: string): Job['command'] {
  return { kind: 'shell', line };
}

/** A job of a test's own: its processes are told from those of other tests by its name. */
export function ownJob(changes: Partial<Job> = {}): Job {
  return jobOf(`own-${randomUUID().slice(0, 8)}`, { schedule: ['* * * * *'], ...changes });
}

/** A store with a job of the test's own in it, and what the job's wrappers and tasks do there. */
export interface Site {
  readonly store: Store;
  readonly installed: InstalledJob;
  readonly job: JobId;
  /** Starts the wrapper as the table does. */
  start(...words: readonly string[]): Wrapper;
  /** The runs of the job in the order of their starts, whenever their turn came. */
  runs(): readonly Run[];
  /** The words that the job's tasks have added to the file `$NOTES`, by line. */
  notes(): readonly string[];
  /** Waits for so many notes. */
  noted(count: number): Promise<readonly string[]>;
  /** Lets one task go on that reads `$GO`. */
  go(): void;
}

/** A process of its own, as cron starts it. */
export interface Wrapper {
  readonly child: ChildProcess;
  /** Resolves with its exit status, null where a signal ended it, and what it wrote to standard error. */
  readonly ended: Promise<{ readonly status: number | null; readonly said: string }>;
}

const wrapper = fileURLToPath(new URL('../../src/wrapper.ts', import.meta.url));

/** Installs a job of a test's own, copied as sync does. Its `env:` names the files `$NOTES` and `$GO`. */
export function siteOf(t: TestContext, changes: Partial<Job> = {}, through?: (state: string) => MailSettings): Site {
  const state = newState(t);
  const [notes, go] = [join(state, 'notes'), join(state, 'go')];
  execFileSync('mkfifo', [go]);
  // Open at both ends, it lets nobody wait for the other end.
  const gate = openSync(go, 'r+');
  t.after(() => closeSync(gate));
  const job = ownJob({ env: { NOTES: notes, GO: go }, ...changes });
  t.after(() => Promise.all(tasksOfJob(job.id, [process.getuid?.() ?? 0]).map(({ run }) => sweep(run))));
  const store = openStore(state);
  t.after(() => store.close());
  // By the real clock, as all that happens there: what was due before is nothing that was missed.
  installJobs(store, [job], through?.(state), Date.now());
  writeCopy(store, job.project);
  const installed = installedJob(store, job.id);
  if (installed === undefined) throw new Error('it was just installed');
  const noted = () => (existsSync(notes) ? readFileSync(notes, 'utf8').split('\n').slice(0, -1) : []);
  return {
    store,
    installed,
    job: job.id,
    start: (...words) => startWrapper(t, ['--state', state, ...words]),
    runs: () => history(store, { limit: 100 }).toSorted((a, b) => (a.run < b.run ? -1 : 1)),
    notes: noted,
    async noted(count) {
      await until(`there are ${count} notes`, () => noted().length >= count);
      return noted();
    },
    go: () => void writeSync(gate, 'go\n'),
  };
}

export function startWrapper(t: TestContext, words: readonly string[]): Wrapper {
  const env = { PATH: '/usr/bin:/bin', HOME: '/' };
  const child = spawn(process.execPath, [wrapper, ...words], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  const said = text(child.stderr);
  const ended = once(child, 'exit').then(async ([status]) => ({ status: status as number | null, said: await said }));
  return { child, ended };
}

/** A program that stands for the launcher: it starts the wrapper, whatever PATH is. */
export function launcherIn(directory: string): string {
  const path = join(directory, 'launcher');
  writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' '${wrapper}' "$@"\n`, { mode: 0o755 });
  return path;
}

/** The same world without its database. */
export function storeless(world: TestWorld, message = 'the disk is gone'): StorelessWorld & TestComplaints {
  return { ...world, store: undefined, trouble: new StoreTrouble(message) };
}

type TestComplaints = Pick<TestWorld, 'complaints' | 'canceller'>;
