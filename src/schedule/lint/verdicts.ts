import { instantsOf } from '../calendar/calendar.ts';
import { bothDays } from './both-days.ts';
import type { Case, Entry, FieldsCase, FieldsRemark, Remark } from './case.ts';
import { leavesOut, policyKey } from './changes.ts';
import { type DaylightWords, daylightGaps } from './daylight-gap.ts';
import { daylightOverlaps } from './daylight-overlap.ts';
import { eitherDay } from './either-day.ts';
import { everyMinute } from './every-minute.ts';
import { shortestInterval } from './shortest.ts';
import { skippedMonths } from './skipped-months.ts';
import { unevenStep } from './uneven-step.ts';

const fieldsJudges: readonly ((judged: FieldsCase) => FieldsRemark | undefined)[] = [
  everyMinute,
  eitherDay,
  bothDays,
  unevenStep,
  skippedMonths,
];

/** What is found in schedules, each judged once for all jobs that have it. */
export class Verdicts {
  readonly #now: number;
  readonly #fields = new Map<string, readonly FieldsRemark[]>();
  readonly #nights = new Map<string, readonly (readonly DaylightWords[])[]>();
  readonly #intervals = new Map<string, number>();
  readonly #next = new Map<string, number | undefined>();

  /** @param now UTC milliseconds. */
  constructor(now: number) {
    this.#now = now;
  }

  /** What is found in the schedules of a job by themselves and in its zone. */
  remarks(judged: Case): readonly Remark[] {
    return judged.entries.flatMap((entry) => [
      ...this.#ofFields(entry).map(({ at, ...words }) => ({ ...words, ...where(judged, entry, at) })),
      ...this.#ofNights(judged, entry).map(({ wall, ...words }) => ({ ...words, ...where(judged, entry, undefined) })),
    ]);
  }

  /** Milliseconds from one start of a job to the next, at the shortest. */
  shortestInterval({ entries }: Case): number {
    const key = entries.map((entry) => entry.key).join('\n');
    const schedules = entries.map(({ schedule }) => schedule);
    return remembered(this.#intervals, key, () => shortestInterval(schedules, this.#now));
  }

  /** The next instant of a schedule, whatever the job leaves out; undefined for a start of the machine. */
  nextOf({ job, zone }: Case, { key, schedule }: Entry): number | undefined {
    const make = () => instantsOf([schedule], zone, job.dst).next(this.#now);
    return remembered(this.#next, `${policyKey(zone, job.dst)} ${key}`, make);
  }

  /** By the text alone: what an `H` stands for makes no difference here. */
  #ofFields({ written, schedule, columns }: Entry): readonly FieldsRemark[] {
    if (schedule.kind !== 'calendar') return [];
    const judged = { fields: schedule.fields, columns, now: this.#now };
    return remembered(this.#fields, written.text, () => fieldsJudges.flatMap((judge) => judge(judged) ?? []));
  }

  /** The next night of each kind that the job does not leave out. */
  #ofNights(judged: Case, { key, schedule }: Entry): readonly DaylightWords[] {
    if (schedule.kind !== 'calendar') return [];
    const { job, zone } = judged;
    const nights = remembered(this.#nights, `${policyKey(zone, job.dst)} ${key}`, () => [
      daylightGaps(schedule.fields, zone, job.dst, this.#now),
      daylightOverlaps(schedule.fields, zone, job.dst, this.#now),
    ]);
    return nights.flatMap((each) => each.find(({ wall }) => !leavesOut(judged, wall)) ?? []);
  }
}

function remembered<T>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  return made;
}

function where({ job }: Case, { written, columns }: Entry, at: FieldsRemark['at']): Pick<Remark, 'job' | 'place'> {
  const [first, last] = at === undefined ? [] : [columns[at[0]], columns[at[1]]];
  if (first === undefined || last === undefined) {
    return { job: job.name, place: () => written.place(0, written.text.length) };
  }
  const length = last.offset + last.text.length - first.offset;
  return { job: job.name, place: () => written.place(first.offset, length) };
}
