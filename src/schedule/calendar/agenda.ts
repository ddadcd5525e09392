import type { Zone } from '../zone/zone.ts';
import { occasionsWithin } from './coming.ts';
import type { JobTimes } from './job-calendar.ts';
import { type Occasion, runs } from './occasions.ts';

/** What is taken up into an agenda. Instants are UTC milliseconds. */
export interface Agenda {
  /** It begins after this instant, and ends with the other. */
  readonly from: number;
  readonly until: number;
  /** How many entries it has at most. */
  readonly most: number;
}

/** A time at which one of several jobs runs. */
export interface Entry<Job> {
  readonly job: Job;
  readonly occasion: Occasion;
}

/**
 * The times at which jobs run, ascending. Where there is no room for all, each job has its first ones, and those with
 * few keep all of theirs.
 */
export function agenda<Job extends JobTimes>(
  jobs: readonly Job[],
  host: Zone,
  { from, until, most }: Agenda,
): { readonly entries: readonly Entry<Job>[]; readonly isCut: boolean } {
  let open = jobs.map((job) => ({ job, times: runsWithin(job, host, from, until) }));
  const entries: Entry<Job>[] = [];
  while (open.length > 0) {
    const left: typeof open = [];
    for (const each of open) {
      const { value: occasion } = each.times.next();
      if (!occasion) continue;
      if (entries.length === most) return { entries: inOrder(entries), isCut: true };
      entries.push({ job: each.job, occasion });
      left.push(each);
    }
    open = left;
  }
  return { entries: inOrder(entries), isCut: false };
}

function* runsWithin(job: JobTimes, host: Zone, from: number, until: number): Generator<Occasion, void, undefined> {
  for (const occasion of occasionsWithin(job, host, from, until)) if (runs(occasion)) yield occasion;
}

function inOrder<Job>(entries: readonly Entry<Job>[]): readonly Entry<Job>[] {
  return entries.toSorted((one, other) => one.occasion.at - other.occasion.at);
}
