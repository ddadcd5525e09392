import { dayMatches } from '../calendar/wall.ts';
import type { Fields, MonthDay } from '../schedule.ts';
import { joined } from '../words/lists.ts';
import { monthNames } from '../words/months.ts';
import type { Flaw } from './flaw.ts';

/** Why fields name no date of any year; the place is the day-of-month field, or both day fields. */
export interface Never extends Pick<Flaw, 'code' | 'message' | 'instead' | 'advice'> {
  readonly place: 'dayOfMonth' | 'both';
}

/** The lengths of each month. In the course of the years each of them begins on each day of the week. */
const lengths = [[31], [28, 29], [31], [30], [31], [30], [31], [31], [30], [31], [30], [31]] as const;

const code = 'schedule-never';

/** Whether fields name no date of any year, such as 30 February: by trial of every month that there can be. */
export function neverFires(fields: Fields): Never | undefined {
  if (hasDate(fields)) return undefined;
  const all = fields.month.values.length === 12;
  const months = all ? 'any month' : joined(fields.month.values.map((value) => monthNames[value - 1] ?? ''));
  if (!hasDate({ ...fields, dayOfWeek: { star: true, values: [0, 1, 2, 3, 4, 5, 6] } })) return noDate(fields, months);
  return {
    code,
    place: 'both',
    message: `found a day of month and a day of week that no date in ${months} is both, expected a date that exists: this would never run`,
    instead: undefined,
    advice: 'while one of the two day fields begins with *, both must hold',
  };
}

function hasDate(fields: Fields): boolean {
  return fields.month.values.some((month) => lengths[month - 1]?.some((days) => hasDateAmong(fields, days)));
}

function hasDateAmong(fields: Fields, days: number): boolean {
  for (let firstWeekday = 0; firstWeekday < 7; firstWeekday++) {
    for (let date = 1; date <= days; date++) if (dayMatches(fields, date, { days, firstWeekday })) return true;
  }
  return false;
}

function noDate({ dayOfMonth, extra, month }: Fields, months: string): Never {
  const last = Math.max(...month.values.flatMap((value) => lengths[value - 1] ?? []));
  const [day] = extra?.ofMonth ?? [];
  const found = day === undefined ? `day ${dayOfMonth.values[0]}` : writtenDay(day);
  return {
    code,
    place: 'dayOfMonth',
    message: `found ${found} in ${months}, expected a date that exists: this would never run`,
    instead: day === undefined ? String(last === 29 ? 28 : last) : nearestDay(day),
  };
}

/** A day as it is written in the field. */
function writtenDay(day: MonthDay): string {
  if (day.kind === 'last-weekday') return 'LW';
  return day.kind === 'last' ? `L-${day.before}` : `${day.day}W`;
}

/** What lies nearest in the month and exists: before its first day the first, behind its last the last weekday. */
function nearestDay(day: MonthDay): string {
  return day.kind === 'last' ? '1' : 'LW';
}
