import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Plan } from '../../src/crontab/plan.ts';
import { type Installed, type InstallRequest, installProject } from '../../src/install/install.ts';
import type { Job, Project } from '../../src/job/job.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { MovedClock } from '../moved-clock.ts';
import { morning, projectOf } from '../store/rig.ts';

/** In the midst of a minute, when no cron reads its tables. */
export const quiet = morning + 10_000;

/** A program that stands where cronwright would in a table line, and starts. */
export const launcher = fileURLToPath(new URL('../fixtures/install/starts', import.meta.url));

/** A directory with a state directory and table files, and `installProject` on them; gone with the test. */
export interface Ground {
  readonly path: string;
  readonly state: string;
  readonly clock: MovedClock;
  /** The `file:` target of a table. */
  target(name?: string): string;
  /** Writes a table as somebody would who is not cronwright. */
  write(text: string, name?: string): void;
  read(name?: string): string;
  /** What a plan was shown for, before somebody was asked. */
  readonly shown: Plan[];
  install(jobs: readonly Job[], changes?: Partial<Project>, also?: Partial<InstallRequest>): Promise<Installed>;
  /** Looks into the store. */
  look<T>(work: (store: Store) => T): T;
}

export function newGround(t: TestContext): Ground {
  const path = mkdtempSync(join(tmpdir(), 'cronwright-install-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  const [state, clock, shown] = [join(path, 'state'), new MovedClock(quiet), [] as Plan[]];
  const target = (name = 'table') => `file:${join(path, name)}`;
  const consent = {
    yes: false,
    ask: undefined,
    preview: 'cronwright plan',
    show: (plan: Plan) => void shown.push(plan),
  };
  const usual = { target: target(), state, launcher, version: '1.0.0', environment: {}, clock, by: 'ann', consent };
  const write = (text: string, name = 'table') => {
    writeFileSync(join(path, name), text);
    // A table that was changed in this second would be written in the next one.
    utimesSync(join(path, name), 1, 1);
  };
  const read = (name = 'table') => readFileSync(join(path, name), 'utf8');
  write('# mine\n');
  return {
    ...{ path, state, clock, target, write, read, shown },
    install: (jobs, changes, also) => installProject({ ...usual, project: projectOf(jobs, changes), ...also }),
    look(work) {
      const store = openStore(state);
      try {
        return work(store);
      } finally {
        store.close();
      }
    },
  };
}

/** The block of shop and the tick, as this launcher writes them below a state directory. */
export function blockOf({ state }: Ground, ...names: readonly string[]): string {
  const lines = names.map((name) => `0 9 * * * ${launcher} --state ${state} run --scheduled shop/${name}\n`);
  const tick = `# BEGIN cronwright\n* * * * * ${launcher} --state ${state} tick\n# END cronwright\n`;
  return `# BEGIN cronwright shop\n${lines.join('')}# END cronwright shop\n${tick}`;
}
