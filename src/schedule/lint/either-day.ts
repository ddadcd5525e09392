import { daysFollowBoth } from '../calendar/wall.ts';
import type { Fields } from '../schedule.ts';
import type { FieldsCase, FieldsRemark } from './case.ts';
import { daysOfYear, yearWords } from './day-count.ts';
import { rewritten } from './fields-text.ts';

/** `1-31 * 1`, `13 * 5`: crontab(5) takes a day that either field names, where people expect both. */
export function eitherDay({ fields, columns }: FieldsCase): FieldsRemark | undefined {
  const [, , ofMonth, , ofWeek] = columns;
  if (ofMonth === undefined || ofWeek === undefined || daysFollowBoth(fields)) return undefined;
  const both = daysOfYear({ ...fields, dayOfMonth: { ...fields.dayOfMonth, star: true } });
  const message =
    `found days in both day fields, ${ofMonth.text} and ${ofWeek.text}; cron runs it on each day that either names, ` +
    `${yearWords(daysOfYear(fields))}, and not only where both hold, ${yearWords(both)}`;
  return { code: 'either-day', message, hint: hintOf(fields, columns), at: [2, 4] };
}

function hintOf(fields: Fields, columns: FieldsCase['columns']): string {
  const [byMonth, byWeek] = [rewritten(columns, { 4: '*' }), rewritten(columns, { 2: '*' })];
  if (fields.dayOfMonth.values.length === 31) return `for these days of the week alone write ${byWeek}`;
  if (fields.dayOfWeek.values.length === 7) return `for these days of the month alone write ${byMonth}`;
  const nth = nthWeek(fields);
  const either = `if either is meant, write two schedules, ${byMonth} and ${byWeek}`;
  if (nth === undefined) return `${either}; if both, let the command look at the day`;
  return `for both write ${rewritten(columns, { 2: '*', 4: `${columns[4]?.text}#${nth}` })}; ${either}`;
}

/** Which week of the month the dates of a whole week are, such as 8 to 14, for one day of the week. */
function nthWeek({ dayOfMonth, dayOfWeek, extra }: Fields): number | undefined {
  const { values } = dayOfMonth;
  const [first = 0] = values;
  const isWeek = values.length === 7 && values.at(-1) === first + 6 && first % 7 === 1;
  return isWeek && dayOfWeek.values.length === 1 && extra === undefined ? (first + 6) / 7 : undefined;
}
