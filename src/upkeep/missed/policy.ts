import { unreachable } from '../../errors.ts';
import { durationWords } from '../../job/duration.ts';
import type { Job, MissedPolicy } from '../../job/job.ts';
import type { Calendar } from '../../schedule/calendar/job-calendar.ts';
import { lastSlots, type Stretch, without } from './stretches.ts';

/** With `run-all`, a job never owes more, however long it was not started. */
const mostOwed = 100;

/** What becomes of a stretch: slots that are made up for, ascending, and the stretch that is left of it. */
export interface Share {
  readonly whole: Stretch;
  readonly owed: readonly number[];
  readonly left: Stretch | undefined;
}

/** What a policy is asked with. */
export interface Policy {
  readonly job: Job;
  readonly calendar: Calendar;
  readonly now: number;
  /** How many slots the job owes already. */
  readonly owing: number;
}

/** What a job's policy makes of its missed slots: the latest are made up for first, within the start-deadline. */
export function shares(stretches: readonly Stretch[], { job, calendar, now, owing }: Policy): readonly Share[] {
  let most = mostOf(job.missed, owing);
  const since = now - job.startDeadline;
  return stretches
    .toReversed()
    .map((whole): Share => {
      const owed = lastSlots(calendar, whole, since, most);
      most -= owed.length;
      return { whole, owed, left: without(calendar, whole, owed) };
    })
    .toReversed();
}

function mostOf(policy: MissedPolicy, owing: number): number {
  switch (policy) {
    case 'ignore':
      return 0;
    case 'run-once':
      return 1;
    case 'run-all':
      return Math.max(0, mostOwed - owing);
    default:
      return unreachable(policy);
  }
}

/** What becomes of a stretch, in words; empty for nothing. */
export function followsWords({ missed, startDeadline }: Job, { whole, owed }: Share): string {
  if (missed === 'ignore') return '';
  if (owed.length === 0)
    return `it is not made up for: its start-deadline of ${durationWords(startDeadline)} has passed`;
  if (whole.count === 1) return 'it is made up for now';
  const some = owed.length === 1 ? 'the latest' : `the latest ${owed.length}`;
  return owed.length === whole.count
    ? 'all are made up for now'
    : `${some} of them ${owed.length === 1 ? 'is' : 'are'} made up for now`;
}
