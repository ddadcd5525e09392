import { commandText } from '../job/command-text.ts';
import { durationWords } from '../job/duration.ts';
import { isHolderAlive } from '../launch/holder.ts';
import type { Telling } from '../launch/tell.ts';
import type { StoredWorld } from '../launch/world.ts';
import { isToldOf, recipients } from '../notify/policy.ts';
import { printableTail } from '../notify/printable.ts';
import type { SlowReport } from '../notify/report.ts';
import { shortSlowReport, slowLetter } from '../notify/slow-letter.ts';
import { addEvent } from '../store/events.ts';
import { markSlow } from '../store/marks.ts';
import { putInOutbox } from '../store/outbox.ts';
import { outputOf } from '../store/output.ts';
import { type InstalledJob, jobOfRun, latestRevision } from '../store/registry.ts';
import type { OpenRun } from '../store/runs.ts';
import { together } from '../store/store.ts';

/** Tells of runs that take long, and notes it with each. */
export function tellSlow(world: StoredWorld, runs: readonly OpenRun[]): void {
  for (const run of runs) {
    const installed = jobOfRun(world.store, run);
    if (installed !== undefined) tellOne(world, run, installed);
  }
}

/** The mark and the mail are written as one: a kill between the two would leave a run of which nobody is told. */
function tellOne(world: StoredWorld, run: OpenRun, installed: InstalledJob): void {
  const { store, clock, complain } = world;
  const at = clock.now();
  const told = tellingOf(world, run, installed);
  const message = `takes longer than ${durationWords(installed.job.warnAfter)} (warn-after)`;
  const noted = together(store, () => {
    if (!markSlow(store, run.run, at)) return false;
    addEvent(store, run.run, { at, level: 'warning', message });
    for (const mail of told?.mails ?? []) putInOutbox(store, mail);
    return true;
  });
  if (noted && told?.mails.length === 0) complain(told.report);
}

function tellingOf(world: StoredWorld, run: OpenRun, { job }: InstalledJob): Telling | undefined {
  if (!isToldOf(job.notify, 'slow')) return undefined;
  const { store, clock } = world;
  const mail = latestRevision(store, job.project)?.settings.mail;
  const report = reportOf(world, run, { job });
  const entry = { id: `${run.run}.slow`, project: job.project, run: run.run, createdAt: clock.now() };
  const mails = mail ? [{ ...entry, recipients: recipients(job.notify, mail), ...slowLetter(report) }] : [];
  return { mails, report: shortSlowReport(report) };
}

function reportOf(world: StoredWorld, run: OpenRun, { job }: Pick<InstalledJob, 'job'>): SlowReport {
  const { store, clock, host, program } = world;
  return {
    job: job.id,
    description: job.description,
    owner: job.owner,
    host,
    command: commandText(job.command),
    run: run.run,
    startedAt: run.startedAt,
    at: clock.now(),
    warnAfter: job.warnAfter,
    attempt: run.attempts,
    attempts: job.retry.attempts,
    timeout: job.timeout,
    progress: run.progress,
    isOrphaned: !isHolderAlive(run),
    output: printableTail(Buffer.concat(outputOf(store, run.run).map(({ bytes }) => bytes))),
    program,
  };
}
