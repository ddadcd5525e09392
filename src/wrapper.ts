import { systemClock } from './clock.ts';
import { exitStatus } from './errors.ts';
import { copiedStart, startOf, type Wish } from './launch/start.ts';
import type { Start, World } from './launch/world.ts';
import type { Trigger } from './store/runs.ts';
import { StoreTrouble } from './store/trouble.ts';
import { inWorld, orTrouble, type Served, unattended, type Words } from './unattended.ts';

/*
 * What cron starts for a job: `run --scheduled JOB`, `run --at-boot JOB` and `run --probe`, each perhaps behind
 * `--state DIRECTORY`; and what the tick starts: `run --retry RUN` and `run --catch-up JOB`.
 */

const triggers: Readonly<Record<string, Trigger>> = {
  '--scheduled': 'schedule',
  '--at-boot': 'boot',
  '--retry': 'retry',
};

/** Resolves when all is done, to whether it was what such a start usually does. */
export const ended: Promise<boolean> = unattended(async (words) => {
  if (words.mode === '--probe') return probed();
  return inWorld(words, (world) => run(world, words));
});

/** By what it says doctor knows which Node.js cron finds. */
function probed(): Served {
  process.stdout.write(`${process.execPath} ${process.version}\n`);
  return { status: exitStatus.done, typical: false };
}

async function run(world: World, { mode, name }: Words): Promise<Served> {
  if (mode === '--catch-up') return catchUp(world, name);
  // When this process began, before anything was loaded: closest to what cron meant. performance.timeOrigin says the
  // same, and takes 0.6 ms to load.
  const startedAt = Math.floor(systemClock.now() - process.uptime() * 1_000);
  const wish = { trigger: triggers[mode] ?? 'schedule', name, startedAt };
  const ready = prepare(world, wish);
  const start = ready && (await whereDue(ready.start));
  if (ready === undefined || start === undefined) return { status: exitStatus.done, typical: false };
  const { launch } = await import('./launch/launch.ts');
  const launched = await launch(ready.world, start);
  return launched.kind === 'ran'
    ? { status: launched.status, typical: true }
    : { status: exitStatus.done, typical: false };
}

/**
 * A start with the slot that it serves; undefined for one by cron that serves none, because a line may be due oftener
 * than its job. It is asked before anything is loaded that starts a process, and nothing is written.
 */
async function whereDue(start: Start): Promise<Start | undefined> {
  const { installed, trigger, startedAt } = start;
  if (trigger !== 'schedule') return start;
  const { dueSlot } = await import('./launch/slot.ts');
  const { hostZone } = await import('./schedule/zone/zone.ts');
  const due = dueSlot(installed.job, hostZone(), startedAt);
  return due && { ...start, due };
}

async function catchUp(world: World, name: string): Promise<Served> {
  if (world.store === undefined) throw world.trouble;
  const launching = await import('./launch/catch-up.ts');
  await launching.catchUp(world, name);
  return { status: exitStatus.done, typical: false };
}

/** What is to be started, as the database has it, or the plain copy where that cannot be read; undefined for nothing. */
function prepare(world: World, wish: Wish): { readonly world: World; readonly start: Start } | undefined {
  const { store } = world;
  const found = store === undefined ? world.trouble : orTrouble(() => startOf(store, wish));
  if (!(found instanceof StoreTrouble)) return found && { world, start: found };
  const start = copiedStart(world.state, wish);
  if (start === undefined) throw found;
  return { world: { ...world, store: undefined, trouble: found }, start };
}
