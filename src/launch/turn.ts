import { durationWords } from '../job/duration.ts';
import type { Job } from '../job/job.ts';
import { claimRun } from '../store/open-run.ts';
import type { OpenRun } from '../store/runs.ts';
import { StoreTrouble } from '../store/trouble.ts';
import { endRun } from './end-run.ts';
import { isAlive } from './holder.ts';
import { tasksGoingOn } from './job-tasks.ts';
import { orTrouble } from './or-trouble.ts';
import type { StoredWorld } from './world.ts';

/** How often a waiting start asks whether it is its turn, in milliseconds. */
const askEvery = 250;
/** How long a start waits for those that it replaces, beyond their grace: they are ended, not waited for. */
const replacing = 20_000;

/** A recorded start, and the runs that were in its way when it was. */
export interface Waiting {
  readonly run: string;
  readonly job: Job;
  readonly others: readonly OpenRun[];
}

/**
 * What became of a wait. `granted`: the run may begin; with a trouble, the database could not say so, and no process of
 * the job was left. `closed`: somebody has ended it. `given-up`: it waited long enough, and is still open.
 */
export type Turn =
  | { readonly kind: 'granted'; readonly trouble: StoreTrouble | undefined }
  | { readonly kind: 'closed'; readonly reason: string }
  | { readonly kind: 'given-up'; readonly reason: string };

/** Waits until a recorded start may begin; it gives up after the job's `wait-up-to`. */
export function waitForTurn(world: StoredWorld, waiting: Waiting): Promise<Turn> {
  return turn(world, waiting, waiting.job.waitUpTo);
}

/** Ends the runs that a recorded start replaces, and lets it begin. */
export async function replaceRuns(world: StoredWorld, waiting: Waiting): Promise<Turn> {
  const { others, job } = waiting;
  await Promise.all(others.map((other) => endRun(world, other, job.grace)));
  return turn(world, waiting, job.grace + replacing);
}

async function turn(world: StoredWorld, waiting: Waiting, limit: number): Promise<Turn> {
  const { clock, cancel } = world;
  const last = clock.now() + limit;
  for (;;) {
    // Who is asked to end begins, and ends as cancelled before its first attempt: that way it is recorded and told.
    if (cancel.aborted) return { kind: 'granted', trouble: undefined };
    const answer = ask(world, waiting);
    if (answer.kind === 'granted') return answer;
    if (answer.kind === 'closed') return { kind: 'closed', reason: 'was cancelled while it waited' };
    if (clock.now() >= last) {
      return { kind: 'given-up', reason: `waited ${durationWords(limit)} for run ${answer.holder}` };
    }
    await clock.sleep(askEvery, cancel).catch(() => undefined);
  }
}

type Answer =
  | { readonly kind: 'granted'; readonly trouble: StoreTrouble | undefined }
  | { readonly kind: 'blocked'; readonly holder: string }
  | { readonly kind: 'closed' };

function ask(world: StoredWorld, waiting: Waiting): Answer {
  const { store, clock } = world;
  const claimed = orTrouble(world, () => claimRun(store, waiting.run, { at: clock.now(), isAlive }));
  if (claimed instanceof StoreTrouble) return askProcesses(world, waiting, claimed);
  if (claimed.kind === 'blocked') return { kind: 'blocked', holder: claimed.holder.run };
  return claimed.kind === 'closed' ? claimed : { kind: 'granted', trouble: undefined };
}

/** A database that cannot be asked does not delay a task for longer than the processes do that are in its way. */
function askProcesses({ identity }: StoredWorld, { job, others }: Waiting, trouble: StoreTrouble): Answer {
  const holder = others.find(isAlive)?.run ?? tasksGoingOn(job, identity)[0]?.run;
  return holder === undefined ? { kind: 'granted', trouble } : { kind: 'blocked', holder };
}
