import { commandText } from '../job/command-text.ts';
import { durationWords } from '../job/duration.ts';
import type { MailSettings } from '../job/job.ts';
import { lateLetter, shortLateReport } from '../notify/late-letter.ts';
import { isToldOf, recipients } from '../notify/policy.ts';
import type { LateReport } from '../notify/report.ts';
import { addEvent, type RunEvent } from '../store/events.ts';
import { markLate, noteTold } from '../store/marks.ts';
import { putInOutbox } from '../store/outbox.ts';
import type { InstalledJob } from '../store/registry.ts';
import { type Store, together } from '../store/store.ts';
import type { Teller, Telling } from './tell.ts';

/** A slot whose start is later than its job's `late-after`. */
export interface LateStart extends Pick<LateReport, 'slot' | 'delay' | 'at' | 'state' | 'run' | 'holder'> {
  readonly installed: InstalledJob;
}

/** What is told of a late start. The id is that of the slot, so that no slot is told twice, whoever sees it first. */
export interface LateTelling extends Telling {
  readonly id: string;
  readonly project: string;
}

/** What a job asks to be told of a late start; undefined for nothing. */
export function lateTelling(teller: Teller, late: LateStart, mail: MailSettings | undefined): LateTelling | undefined {
  const { job } = late.installed;
  if (!isToldOf(job.notify, 'late')) return undefined;
  const report = reportOf(teller, late);
  const id = lateId(late);
  const entry = { id, project: job.project, run: late.run, createdAt: teller.clock.now() };
  const mails = mail ? [{ ...entry, recipients: recipients(job.notify, mail), ...lateLetter(report) }] : [];
  return { id, project: job.project, mails, report: shortLateReport(report) };
}

export function lateId({ installed: { job }, slot }: Pick<LateStart, 'installed' | 'slot'>): string {
  return `${job.id}.${slot}.late`;
}

/** What a run's log says of its late start. */
export function lateEvent({ slot, at, state, installed: { job } }: LateStart): RunEvent {
  const what = state === 'begun' ? 'began' : 'waits to begin';
  const lateness = `${durationWords(at - slot)} after it was due`;
  return { at, level: 'warning', message: `${what} ${lateness} (late-after: ${durationWords(job.lateAfter)})` };
}

/** Milliseconds to wait for another writer: a task waits for this. */
const patience = 500;

/**
 * Notes a late start and what is told of it, at once.
 * @returns what is to be said on standard error; undefined for nothing.
 */
export function noteLate(store: Store, late: LateStart, told: LateTelling | undefined): string | undefined {
  const note = () => (isNoted(store, late) ? putOut(store, late, told) : undefined);
  return together(store, note, { patience });
}

/** Whether this is news: a run is noted once as late, and a slot without a run has no mark but what is told of it. */
function isNoted(store: Store, late: LateStart): boolean {
  const { run, at, state } = late;
  if (run === '') return true;
  if (!markLate(store, run, at)) return false;
  // Of what began its wrapper writes the log.
  if (state !== 'begun') addEvent(store, run, lateEvent(late));
  return true;
}

function putOut(store: Store, { at }: LateStart, told: LateTelling | undefined): string | undefined {
  if (told === undefined) return undefined;
  const { id, project, mails, report } = told;
  for (const mail of mails) putInOutbox(store, mail);
  return mails.length === 0 && noteTold(store, { id, project, createdAt: at }) ? report : undefined;
}

function reportOf({ host, program }: Teller, { installed: { job }, ...late }: LateStart): LateReport {
  return {
    ...late,
    job: job.id,
    description: job.description,
    owner: job.owner,
    command: commandText(job.command),
    lateAfter: job.lateAfter,
    host,
    program,
  };
}
