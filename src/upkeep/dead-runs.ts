import { isAlive } from '../launch/holder.ts';
import type { World } from '../launch/launch.ts';
import { tellEnding } from '../launch/tell.ts';
import { outputOf } from '../store/output.ts';
import { installedJob, jobOfRun } from '../store/registry.ts';
import { attemptsOf, closeRun, type Holder, openRuns, type Run } from '../store/runs.ts';

const sentence = 'was interrupted: its wrapper is gone, and nobody knows how the task ended';

/** Closes the runs whose process is gone, by a kill, a crash or a reboot, and tells of them. */
export function closeDeadRuns(world: World): void {
  for (const run of openRuns(world.store)) if (!isAlive(run)) closeDeadRun(world, run);
}

function closeDeadRun(world: World, run: Run & Holder): void {
  const { store, clock } = world;
  const at = clock.now();
  const closing = { run: run.run, state: 'interrupted', at, exitCode: undefined, signal: undefined } as const;
  if (!closeRun(store, { ...closing, reason: sentence })) return;
  const installed = jobOfRun(store, run) ?? installedJob(store, run.job);
  if (!installed) return;
  const attempts = attemptsOf(store, run.run).map(({ number, startedAt, endedAt, end }) => {
    return { number, startedAt, endedAt: endedAt ?? at, sentence: end ?? 'was interrupted' };
  });
  const { run: id, trigger, startedAt } = run;
  const slot = run.slot ?? undefined;
  const output = outputOf(store, id);
  tellEnding(world, {
    installed,
    run: id,
    trigger,
    slot,
    state: 'interrupted',
    sentence,
    startedAt,
    endedAt: at,
    attempts,
    output,
  });
}
