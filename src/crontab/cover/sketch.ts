import { dateMatches } from '../../schedule/calendar/wall.ts';
import type { Fields } from '../../schedule/schedule.ts';
import type { NamedDay } from './named-days.ts';
import { dayMinutes, type Wall } from './zone-spans.ts';

/** Days of the calendar, as far as the fields of a line can tell them apart. */
export interface DaySets {
  readonly dates: Set<number>;
  /** Sunday is 0. */
  readonly weekdays: Set<number>;
}

/** What a line has to name on the clock of the host, gathered slot by slot. */
export class Sketch {
  /** Minutes of the day, 0 to 1439. */
  readonly times = new Set<number>();
  readonly minutes = new Set<number>();
  readonly hours = new Set<number>();
  /** 1 to 12. */
  readonly months = new Set<number>();
  /** All days, by either. */
  readonly all: DaySets = { dates: new Set(), weekdays: new Set() };
  /** Each day by that of the two that makes it one: a line that names both is due on either. */
  readonly either: DaySets = { dates: new Set(), weekdays: new Set() };
  /** Every day counts, and the sets of days say nothing. */
  everyDay = false;
  /** Some day of the host is not the day that the schedule names. */
  carried = false;

  readonly #added = new Map<readonly number[], Map<number, readonly number[]>>();

  /**
   * Adds times of a day, in minutes, shifted by so many.
   * @returns by how many days they are off then, each number once.
   */
  addTimes(times: readonly number[], shift: number): readonly number[] {
    const before = this.#added.get(times) ?? new Map<number, readonly number[]>();
    this.#added.set(times, before);
    const carries = before.get(shift) ?? this.#addTimes(times, shift);
    before.set(shift, carries);
    return carries;
  }

  /** Adds a day of the job with times of that day, shifted by so many minutes, which may carry it to another one. */
  addDayWith({ day, byWeekday }: NamedDay, times: readonly number[], shift: number): void {
    for (const carry of this.addTimes(times, shift)) {
      this.addDay(day + carry, byWeekday);
      if (carry !== 0) this.carried = true;
    }
  }

  addDay(day: number, byWeekday: boolean): void {
    const date = new Date(day * dayMinutes * 60_000);
    this.months.add(date.getUTCMonth() + 1);
    this.all.dates.add(date.getUTCDate());
    this.all.weekdays.add(date.getUTCDay());
    if (byWeekday) this.either.weekdays.add(date.getUTCDay());
    else this.either.dates.add(date.getUTCDate());
  }

  /** Adds one slot by the host's clock, to what makes up these fields. */
  addSlot({ day, minute }: Wall, fields: Fields): void {
    this.#addTime(minute);
    if (this.everyDay || dateMatches(fields, day)) return;
    this.addDay(day, false);
    this.carried = true;
  }

  #addTimes(times: readonly number[], shift: number): readonly number[] {
    const carries = new Set<number>();
    for (const time of times) {
      const carry = Math.floor((time + shift) / dayMinutes);
      this.#addTime(time + shift - carry * dayMinutes);
      carries.add(carry);
    }
    return [...carries];
  }

  #addTime(time: number): void {
    this.times.add(time);
    this.minutes.add(time % 60);
    this.hours.add(Math.floor(time / 60));
  }
}
