import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type Argv, CannotMeasure } from './measure.ts';

const root = join(import.meta.dirname, '../..');
const launcher = join(root, 'bin/cronwright');

/** A folder with a jobs file, and the state and the table that belong to it. */
export interface Place {
  readonly file: string;
  readonly state: string;
  readonly table: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What the bench has of the world. */
export interface World {
  /** A fresh place with the jobs file that `jobs` gives. */
  place(jobs: Readonly<Record<string, string>>): Place;
  dispose(): void;
}

export function makeWorld(): World {
  const directory = mkdtempSync(join(tmpdir(), 'cronwright-bench-'));
  let count = 0;
  return {
    place(jobs) {
      count += 1;
      const home = join(directory, String(count));
      mkdirSync(home);
      const place = { file: join(home, 'jobs.yaml'), state: join(home, 'state'), table: join(home, 'crontab') };
      writeFileSync(place.file, jobsFile(jobs));
      return { ...place, env: environment(home, place) };
    },
    dispose: () => rmSync(directory, { recursive: true }),
  };
}

/** What cron gives, and where to find things; the same runtime as the `node -e 0` that all is measured against. */
function environment(home: string, { file, state }: Pick<Place, 'file' | 'state'>) {
  return {
    PATH: '/usr/bin:/bin',
    HOME: home,
    CRONWRIGHT_FILE: file,
    CRONWRIGHT_STATE: state,
    CRONWRIGHT_NODE: process.execPath,
  };
}

function jobsFile(jobs: Readonly<Record<string, string>>): string {
  const entries = Object.entries(jobs).map(([name, command]) => `  ${name}: { schedule: "* * * * *", ${command} }\n`);
  return `version: 1\nproject: bench\njobs:\n${entries.join('')}`;
}

/** `count` jobs of that name and number, each due every minute. */
export function many(count: number, name: string, command = 'command: [/bin/true]'): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`${name}-${n}`, command]));
}

export function cronwright(...words: readonly string[]): Argv {
  return [launcher, ...words];
}

let built = false;

/** Builds what is measured, once: the installed program runs from dist/. */
export function build(): void {
  if (built) return;
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'build.ts')], { encoding: 'utf8' });
  if (status !== 0) throw new CannotMeasure(`the build failed: ${stderr.trim().split('\n')[0]}`);
  built = true;
}

export function hasVerb(verb: string): boolean {
  return (
    spawnSync(launcher, [verb, '--help'], { env: { ...process.env, CRONWRIGHT_NODE: process.execPath } }).status === 0
  );
}

/** Runs a command that must succeed, unmeasured, and returns what it printed. */
export function must({ env }: Place, ...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(launcher, words, { env, encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (status !== 0) throw new CannotMeasure(`${words.join(' ')} ended with ${status}: ${stderr.trim()}`);
  return stdout;
}

export const syncWords = ({ table }: Place) => ['sync', '--target', `file:${table}`];

/** Installs the place's jobs. */
export function installed(place: Place): Place {
  must(place, ...syncWords(place));
  return place;
}

const databaseOf = ({ state }: Place) => new Database(join(state, 'cronwright.db'));

/** How many runs of the place are recorded as succeeded. */
export function succeeded(place: Place): number {
  const db = databaseOf(place);
  const count = db.prepare("SELECT count(*) FROM run WHERE state = 'succeeded'").pluck().get();
  db.close();
  return Number(count);
}

/** Records `count` runs that succeeded, one for each minute up to now, of the jobs `job-0` to `job-<jobs - 1>` in turn. */
export function seedRuns(place: Place, count: number, jobs: number): void {
  const db = databaseOf(place);
  const lastMinute = Math.floor(Date.now() / 60_000) * 60_000;
  db.prepare(
    `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < @count)
     INSERT INTO run (id, job, revision, slot, trigger, state, started_at, ended_at, attempts, exit_code)
     SELECT printf('%016x', i), 'bench/job-' || (i % @jobs), 1, @lastMinute - i * 60000, 'schedule', 'succeeded',
       @lastMinute - i * 60000, @lastMinute - i * 60000 + 1000, 1, 0
     FROM n`,
  ).run({ count, jobs, lastMinute });
  db.close();
}
