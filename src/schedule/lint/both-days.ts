import type { Fields } from '../schedule.ts';
import type { FieldsCase, FieldsRemark } from './case.ts';
import { daysOfYear, yearWords } from './day-count.ts';
import { rewritten } from './fields-text.ts';

/** A day field such as `*` with a step, beside one that names days: as one begins with `*`, crontab(5) takes only a day that both name. */
export function bothDays({ fields, columns }: FieldsCase): FieldsRemark | undefined {
  const [, , ofMonth, , ofWeek] = columns;
  if (ofMonth === undefined || ofWeek === undefined || !isSurprising(fields)) return undefined;
  const { dayOfMonth, dayOfWeek } = fields;
  const unstarred = { dayOfMonth: { ...dayOfMonth, star: false }, dayOfWeek: { ...dayOfWeek, star: false } };
  const message =
    `found days in both day fields, ${ofMonth.text} and ${ofWeek.text}; because one begins with *, cron runs it only ` +
    `where both hold, ${yearWords(daysOfYear(fields))}, and not where either does, ${yearWords(daysOfYear({ ...fields, ...unstarred }))}`;
  const either = `${rewritten(columns, { 4: '*' })} and ${rewritten(columns, { 2: '*' })}`;
  return { code: 'both-days', message, hint: `if either is meant, write two schedules, ${either}`, at: [2, 4] };
}

/** A star that leaves days out, beside a field that does too. */
function isSurprising({ dayOfMonth, dayOfWeek }: Fields): boolean {
  const partial = dayOfMonth.values.length < 31 && dayOfWeek.values.length < 7;
  return partial && (dayOfMonth.star || dayOfWeek.star);
}
