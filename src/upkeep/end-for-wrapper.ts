import { telling } from '../launch/tell.ts';
import type { StoredWorld } from '../launch/world.ts';
import { putInOutbox } from '../store/outbox.ts';
import { outputOf } from '../store/output.ts';
import { type InstalledJob, latestRevision } from '../store/registry.ts';
import { attemptsOf, type Closing, closeRun, type OpenRun } from '../store/runs.ts';
import { type Store, together } from '../store/store.ts';

/**
 * Ends a run in the place of its wrapper. The end and the mails are written as one: a kill between the two would leave an
 * end of which nobody is told.
 */
export function endForWrapper(
  world: StoredWorld,
  run: OpenRun,
  installed: InstalledJob | undefined,
  closing: Closing & { readonly reason: string },
): void {
  const { store, complain } = world;
  // A run that somebody has cancelled is no news.
  const isNews = closing.state !== 'cancelled';
  const told =
    isNews && installed
      ? telling(world, endingOf(store, run, installed, closing), mailOf(store, installed))
      : undefined;
  const closed = together(store, () => {
    if (!closeRun(store, closing)) return false;
    for (const mail of told?.mails ?? []) putInOutbox(store, mail);
    return true;
  });
  if (closed && told?.mails.length === 0) complain(told.report);
  // Nobody knows any more whom the job would tell.
  if (closed && isNews && installed === undefined)
    complain(`cronwright: run ${run.run} of ${run.job} ${closing.reason}\n`);
}

function mailOf(store: Store, { job }: InstalledJob) {
  return latestRevision(store, job.project)?.settings.mail;
}

function endingOf(
  store: Store,
  run: OpenRun,
  installed: InstalledJob,
  { state, at, reason }: Closing & { reason: string },
) {
  const attempts = attemptsOf(store, run.run).map(({ number, startedAt, endedAt, end }) => {
    return { number, startedAt, endedAt: endedAt ?? at, sentence: end ?? 'was interrupted' };
  });
  const { trigger, startedAt, slot } = run;
  const output = outputOf(store, run.run);
  const facts = { installed, run: run.run, trigger, slot: slot ?? undefined, state, sentence: reason };
  return { ...facts, startedAt, endedAt: at, attempts, output };
}
