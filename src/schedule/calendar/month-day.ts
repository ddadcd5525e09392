import type { MonthDay, NthWeekday } from '../schedule.ts';

/** A month, as far as it decides on which dates its weekdays fall. */
export interface Month {
  /** 28 to 31. */
  readonly days: number;
  /** The weekday of its first date; Sunday is 0. */
  readonly firstWeekday: number;
}

export function weekdayOfDate(date: number, { firstWeekday }: Month): number {
  return (firstWeekday + date - 1) % 7;
}

/** The date on which a day of a month falls; undefined in a month that does not have it. */
export function dateOfMonthDay(day: MonthDay, month: Month): number | undefined {
  switch (day.kind) {
    case 'last':
      return day.before < month.days ? month.days - day.before : undefined;
    case 'last-weekday':
      return nearestWeekday(month.days, month);
    case 'nearest-weekday':
      return day.day <= month.days ? nearestWeekday(day.day, month) : undefined;
  }
}

/** As Quartz has it: Friday for a Saturday, Monday for a Sunday, but never in another month. */
function nearestWeekday(date: number, month: Month): number {
  const weekday = weekdayOfDate(date, month);
  if (weekday === 6) return date === 1 ? 3 : date - 1;
  if (weekday === 0) return date === month.days ? date - 2 : date + 1;
  return date;
}

/** Whether a date is the weekday of its month that is meant. */
export function isNthWeekday({ weekday, nth }: NthWeekday, date: number, month: Month): boolean {
  if (weekdayOfDate(date, month) !== weekday) return false;
  return nth === 'last' ? date + 7 > month.days : Math.ceil(date / 7) === nth;
}
