import { calendarOf } from '../../schedule/calendar/job-calendar.ts';
import type { Due } from '../../store/due.ts';
import { isStillDue } from '../../store/due.ts';
import { spooled } from '../../store/lying.ts';
import { type Served, servedSlots } from '../../store/missed.ts';
import { owedSlots } from '../../store/owed.ts';
import { pausesBetween } from '../../store/pauses.ts';
import type { InstalledJob } from '../../store/registry.ts';
import type { Store } from '../../store/store.ts';
import { grace } from './grace.ts';
import { type Part, partsOf } from './paused-slots.ts';
import { type Share, shares } from './policy.ts';
import { reasonOfGap } from './reason.ts';
import { unservedSlots } from './stretches.ts';
import type { TableEvidence } from './table-evidence.ts';

/** A share of a job's missed slots, with why nothing started them. */
export interface ExplainedShare extends Share {
  readonly reason: string;
  /** The slot before its first; undefined where there is none within some weeks. */
  readonly before: number | undefined;
}

/** What has become of a job's slots, and what is to be done with those that nothing started. */
export interface Finding {
  readonly due: Due;
  readonly installed: InstalledJob;
  readonly shares: readonly ExplainedShare[];
  /** The parts that a pause held back. */
  readonly paused: readonly Part[];
  /** The first slot that is not accounted for once this is written; undefined for none. */
  readonly next: number | undefined;
}

/** What is looked for. */
interface Subject {
  readonly due: Due;
  readonly installed: InstalledJob;
}

const weeks = 60 * 86_400_000;

/**
 * Looks at a job's slots from where they are accounted for.
 * @throws UserError where the system does not know the job's zone any more.
 */
export async function findingOf(
  store: Store,
  { due, installed }: Subject,
  { now, evidence }: { readonly now: number; readonly evidence: TableEvidence },
): Promise<Finding> {
  const { job } = installed;
  const calendar = calendarOf(job);
  const from = due.slot === 0 ? now : Math.abs(due.slot);
  const known = servedSlots(store, job.id, from, now);
  const limit = Math.min(now - grace, known.until);
  const served = [...known.served, ...launched(store, due)].sort((a, b) => a.first - b.first);
  const found = unservedSlots(calendar, { from, limit, now: known.until, served });
  const owing = found.stretches.length === 0 ? 0 : owedSlots(store, job.id).length;
  const parts = found.stretches.flatMap((stretch) => {
    return partsOf(calendar, stretch, pausesBetween(store, job, stretch.first, stretch.last));
  });
  const stretches = parts.filter(({ pause }) => pause === undefined).map(({ stretch }) => stretch);
  const explained: ExplainedShare[] = [];
  for (const share of shares(stretches, { job, calendar, now, owing })) {
    const { whole } = share;
    const because = reasonOfGap(store, whole) ?? (await evidence(job.id, job.project));
    const reason = whole.isRough ? `${because} (they were more than 1,000, and not counted one by one)` : because;
    explained.push({ ...share, reason, before: calendar.latest(whole.first - 1, whole.first - weeks) });
  }
  const paused = parts.filter(({ pause }) => pause !== undefined);
  return { due, installed, shares: explained, paused, next: found.next };
}

/** The slots that were launched while the database could not be used, and are not taken in yet. */
function launched({ directory }: Store, { job }: Due): readonly Served[] {
  const all = spooled(directory, Number.POSITIVE_INFINITY);
  return all.flatMap((one) => (one.job === job && one.slot !== undefined ? [{ first: one.slot, last: one.slot }] : []));
}

/** Whether nothing has happened to a finding's slots since they were looked at: asked within the transaction. */
export function isStill(store: Store, { due, shares: all, paused }: Finding): boolean {
  const stretches = [...all.map(({ whole }) => whole), ...paused.map(({ stretch }) => stretch)];
  return (
    isStillDue(store, due) &&
    stretches.every(({ first, last }) => servedSlots(store, due.job, first, last).served.length === 0)
  );
}
