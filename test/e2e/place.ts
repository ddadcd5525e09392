import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { writeFile } from '../temporary.ts';
import { type Ended, type Running, run, type StartOptions, start } from './program.ts';

/** A directory with a jobs file and a state directory, gone with the test. */
export interface Place {
  readonly path: string;
  readonly state: string;
  /** Writes the jobs file: `version` and `project: shop`, then `text`. */
  jobs(text: string): void;
  /** Runs cronwright with this jobs file and state. */
  cronwright(words: readonly string[], options?: StartOptions): Promise<Ended>;
  /** The same, while it runs; killed with the test. */
  start(words: readonly string[], options?: StartOptions): Running;
  /** What `words --json` prints. */
  json<T>(words: readonly string[]): Promise<T>;
  /** Installs the jobs of a text into a table file, as nobody's crontab. */
  install(text: string): Promise<Ended>;
  readonly table: string;
}

export function newPlace(t: TestContext, launcher: string): Place {
  const path = mkdtempSync(join(tmpdir(), 'cronwright-e2e-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  const [state, file, table] = [join(path, 'state'), join(path, 'jobs.yaml'), join(path, 'table')];
  // A table's lines name nothing but the state directory.
  const named = (more: readonly string[]) => (/^run --|^tick$/.test(more.join(' ')) ? [] : ['--file', file]);
  const words = (more: readonly string[]) => [launcher, ...named(more), '--state', state, ...more] as const;
  const place: Place = {
    path,
    state,
    table,
    jobs: (text) => void writeFile(path, 'jobs.yaml', `version: 1\nproject: shop\n${text}`),
    cronwright: (more, options) => run(words(more), { cwd: path, ...options }),
    start(more, options) {
      const running = start(words(more), { cwd: path, ...options });
      t.after(() => running.process.kill('SIGKILL'));
      return running;
    },
    async json<T>(more: readonly string[]) {
      const { out, err } = await place.cronwright([...more, '--json']);
      if (out === '') throw new Error(`${more.join(' ')} printed nothing: ${err}`);
      return JSON.parse(out) as T;
    },
    async install(text) {
      place.jobs(text);
      const ended = await place.cronwright(['sync', '--yes', '--target', `file:${table}`]);
      if (ended.status !== 0) throw new Error(`sync failed: ${ended.out}${ended.err}`);
      return ended;
    },
  };
  return place;
}

/**
 * The words that start a program where root's own state directory, /var/lib/cronwright, is one of the test's: a sync of
 * the user's crontab takes its lock there, whatever `--state` says. Others have theirs below HOME.
 */
export function withOwnVarLib(place: Place, words: readonly [string, ...string[]]): readonly [string, ...string[]] {
  if (userInfo().uid !== 0) return words;
  const own = join(place.path, 'var-lib');
  mkdirSync(own, { recursive: true });
  return ['unshare', '--mount', 'sh', '-c', 'mount --bind "$0" /var/lib && exec "$@"', own, ...words];
}
