import type { Job } from '../../job/job.ts';
import type { Telling } from '../../launch/tell.ts';
import type { StoredWorld } from '../../launch/world.ts';
import { missedLetter, shortMissedReport } from '../../notify/missed-letter.ts';
import { isToldOf, recipients } from '../../notify/policy.ts';
import type { MissedReport, MissedRow } from '../../notify/report.ts';
import { latestRevision } from '../../store/registry.ts';

/** A stretch of missed slots, and the run that it was recorded as. */
export interface MissedStretch {
  readonly job: Job;
  readonly run: string;
  readonly row: MissedRow;
}

/**
 * What is to be told of all that one tick has found missed: a letter for each project, and of its own for those of its
 * jobs that name other people. The mails are put into the outbox together with the record; the reports are for standard
 * error where there are no mails.
 */
export function missedTellings(world: StoredWorld, missed: readonly MissedStretch[]): readonly Telling[] {
  const asked = missed.filter(({ job }) => isToldOf(job.notify, 'missed'));
  const projects = Map.groupBy(asked, ({ job }) => job.project);
  return [...projects.values()].flatMap((stretches) => ofProject(world, stretches));
}

function ofProject(world: StoredWorld, stretches: readonly MissedStretch[]): readonly Telling[] {
  const project = stretches[0]?.job.project ?? '';
  const mail = latestRevision(world.store, project)?.settings.mail;
  if (mail === undefined) return [{ mails: [], report: shortMissedReport(reportOf(world, project, stretches)) }];
  const groups = Map.groupBy(stretches, ({ job }) => JSON.stringify(recipients(job.notify, mail)));
  return [...groups.values()].map((group) => {
    const [{ run, job } = { run: '', job: undefined }] = group;
    const report = reportOf(world, project, group);
    const to = job === undefined ? mail.to : recipients(job.notify, mail);
    const entry = { id: `${run}.missed`, project, run, recipients: to, createdAt: world.clock.now() };
    return { mails: [{ ...entry, ...missedLetter(report) }], report: shortMissedReport(report) };
  });
}

function reportOf({ host, program }: StoredWorld, project: string, group: readonly MissedStretch[]): MissedReport {
  return { project, host, program, rows: group.map(({ row }) => row) };
}
