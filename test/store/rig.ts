import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { usualSettings } from '../../src/job/completed.ts';
import type { Job, JobId, JobName, MailSettings, Project } from '../../src/job/job.ts';
import type { Moment } from '../../src/store/beats.ts';
import { openRun } from '../../src/store/open-run.ts';
import { install, type ProjectSettings } from '../../src/store/registry.ts';
import type { Holder, Trigger } from '../../src/store/runs.ts';
import { openStore, type Store } from '../../src/store/store.ts';

/** A path of a test's own, where nothing is yet. */
export function newPath(t: TestContext): string {
  const parent = mkdtempSync(join(tmpdir(), 'cronwright-store-'));
  t.after(() => rmSync(parent, { recursive: true, force: true }));
  return join(parent, 'state');
}

/** An empty store of a test's own. */
export function newStore(t: TestContext): Store {
  const store = openStore(newPath(t));
  t.after(() => store.close());
  return store;
}

/** 09:00 in Berlin, on a Tuesday. */
export const morning = Date.parse('2026-11-24T08:00:00Z');

export const minute = 60_000;

export function jobOf(name: string, changes: Partial<Job> = {}): Job {
  return {
    id: `shop/${name}` as JobId,
    project: 'shop' as JobName,
    name: name as JobName,
    description: '',
    owner: '',
    schedule: ['0 9 * * *'],
    command: { kind: 'shell', line: 'true' },
    cwd: '/',
    env: {},
    envFiles: [],
    timeout: 0,
    grace: 1_000,
    retry: { attempts: 1, delay: 0, backoff: 'fixed', maxDelay: 0, jitter: 0, on: 'any' },
    notify: { on: ['failure'], to: [] },
    ...usualSettings,
    ...changes,
  };
}

export function projectOf(jobs: readonly Job[], changes: Partial<Project> = {}): Project {
  const { moved = [], replaces = [], ...others } = changes;
  const usual = { name: 'shop' as JobName, file: '/etc/shop.yaml', mail: undefined, envFiles: [] };
  return { ...usual, jobs, ...others, moved, replaces };
}

export function settingsOf(changes: Partial<ProjectSettings> = {}): ProjectSettings {
  const launcher = { path: '/usr/bin/cronwright', state: undefined };
  return { mail: undefined, envFiles: [], target: 'user', launcher, ...changes };
}

/** Installs these jobs, in the morning if no time is given, and returns the revision's number. */
export function installJobs(store: Store, jobs: readonly Job[], mail?: MailSettings, at = morning): number {
  return install(store, { project: projectOf(jobs, { mail }), settings: settingsOf({ mail }), by: 'ann', at });
}

/** No process of this machine. */
export const nobody: Holder = { pid: 1, boot: 'another boot', born: 1 };

/** A run that begins. */
export interface Beginning {
  readonly run: string;
  readonly job?: string;
  readonly slot?: number;
  readonly trigger?: Trigger;
  readonly holder?: Holder;
  readonly at?: number;
  readonly revision?: number;
}

/** Opens a run under the given name. */
export function begin(store: Store, beginning: Beginning): string {
  const { run, job = 'shop/backup', slot, holder = nobody, at = morning, revision = 1 } = beginning;
  const trigger = beginning.trigger ?? (slot === undefined ? 'manual' : 'schedule');
  const how = { overlap: 'allow', isAlive: () => true } as const;
  const opened = openRun(store, { newName: () => run, job: job as JobId, revision, slot, trigger, holder, at, ...how });
  assert.equal(opened.kind, 'granted', `${run} was refused, ${opened.run} has the slot`);
  return opened.run;
}

/** A tick at an instant, on a machine that was booted with the first of 1970 and never slept. */
export function momentAt(at: number, changes: Partial<Moment> = {}): Moment {
  return { at, boot: 'this boot', uptime: at, awake: at, zone: 'Berlin', ...changes };
}

/** A process that runs one of the programs of test/fixtures/store and speaks in lines. */
export interface Companion {
  readonly child: ChildProcess;
  /** The next line that it says; undefined once it has said all. */
  line(): Promise<string | undefined>;
  /** Tells it to go on. */
  go(): void;
  /** Resolves with all that it still says once it has ended well. */
  rest(): Promise<readonly string[]>;
}

export function companion(t: TestContext, program: string, ...args: readonly string[]): Companion {
  const path = fileURLToPath(new URL(`../fixtures/store/${program}.ts`, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async (): Promise<string | undefined> => (await lines.next()).value;
  return {
    child,
    line,
    go: () => void child.stdin.end('go\n'),
    async rest() {
      const said: string[] = [];
      for (let next = await line(); next !== undefined; next = await line()) said.push(next);
      const [status] = await ended;
      assert.equal(status, 0, `${program} failed`);
      return said;
    },
  };
}

/** Starts a program many times and lets all of them go at the same moment. Returns what each of them says. */
export async function race(
  t: TestContext,
  count: number,
  program: string,
  args: readonly string[],
): Promise<readonly (readonly string[])[]> {
  const companions = Array.from({ length: count }, () => companion(t, program, ...args));
  for (const { line } of companions) assert.equal(await line(), 'ready');
  for (const { go } of companions) go();
  return Promise.all(companions.map(({ rest }) => rest()));
}
