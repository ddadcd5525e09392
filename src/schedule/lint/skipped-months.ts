import { dateOfMonthDay } from '../calendar/month-day.ts';
import { daysFollowBoth, nextWall } from '../calendar/wall.ts';
import { wallText } from '../calendar/wall-instant.ts';
import type { Fields } from '../schedule.ts';
import { joined } from '../words/lists.ts';
import { monthNames } from '../words/months.ts';
import type { FieldsCase, FieldsRemark } from './case.ts';
import { rewritten } from './fields-text.ts';

const longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** Months that a schedule names and that never have its day: the 31st, the 30th of February, and its 29th in most years. */
export function skippedMonths(judged: FieldsCase): FieldsRemark | undefined {
  const { fields, columns } = judged;
  if (!daysFollowBoth(fields) || fields.extra?.every !== undefined) return undefined;
  const short = fields.month.values.filter((month) => !hasDay(fields, longest[month - 1] ?? 31));
  const leap = fields.month.values.includes(2) && hasDay(fields, 29) && !hasDay(fields, 28);
  if (short.length === 0 && !leap) return undefined;
  const at = columns.length === 0 ? {} : { at: [2, 2] as const };
  return { code: 'skipped-months', message: messageOf(judged, short), hint: hintOf(columns), ...at };
}

function hasDay({ dayOfMonth, extra }: Fields, days: number): boolean {
  const month = { days, firstWeekday: 0 };
  return (
    dayOfMonth.values.some((value) => value <= days) ||
    (extra?.ofMonth.some((day) => dateOfMonthDay(day, month) !== undefined) ?? false)
  );
}

function messageOf({ fields, columns, now }: FieldsCase, short: readonly number[]): string {
  const found = `found ${columns[2]?.text ?? fields.dayOfMonth.values[0]} as the day of month`;
  if (short.length > 0) {
    const names = joined(short.map((month) => monthNames[month - 1] ?? ''));
    return `${found}, a day that ${names} ${short.length === 1 ? 'does' : 'do'} not have: it does not run then`;
  }
  const next = nextWall({ ...fields, month: { star: false, values: [2] } }, now);
  const date = next === undefined ? '' : `, the next time on ${wallText(next).slice(0, 10)}`;
  return `${found}, a day that February has in leap years alone${date}`;
}

function hintOf(columns: FieldsCase['columns']): string {
  if (columns.length === 0) return 'for the last day of each month write five fields with L, such as "0 0 L * *"';
  return `for the last day of each month write ${rewritten(columns, { 2: 'L' })}`;
}
