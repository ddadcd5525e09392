import { dateMatches, daysFollowBoth, minuteMs } from '../../schedule/calendar/wall.ts';
import type { Fields } from '../../schedule/schedule.ts';
import type { DayRule } from '../cron/cron.ts';
import { allValues, any } from './cover.ts';
import { dayMinutes } from './zone-spans.ts';

/** Whether a line is due on a day, counted from 1970-01-01, as a cron of that rule reads its two day fields. */
export function isDueOn(fields: Fields, day: number, rule: DayRule): boolean {
  if (rule === 'by-star') return dateMatches(fields, day);
  const { dayOfMonth, dayOfWeek, month } = fields;
  const date = new Date(day * dayMinutes * minuteMs);
  if (!month.values.includes(date.getUTCMonth() + 1)) return false;
  const found = [dayOfMonth.values.includes(date.getUTCDate()), dayOfWeek.values.includes(date.getUTCDay())];
  return joinsByAnd(fields, rule) ? found.every(Boolean) : found.some(Boolean);
}

/** Fields that are due, as a cron of that rule reads them, on every day on which crontab(5) has them due. */
export function dueAsCrontab(fields: Fields, rule: DayRule): Fields {
  if (daysFollowBoth(fields) || !joinsByAnd(fields, rule)) return fields;
  return { ...fields, dayOfMonth: any('dayOfMonth'), dayOfWeek: any('dayOfWeek') };
}

function joinsByAnd(fields: Fields, rule: DayRule): boolean {
  if (rule === 'by-star') return daysFollowBoth(fields);
  if (rule === 'both') return true;
  return [fields.dayOfMonth.values.length === allValues.dayOfMonth.length, fields.dayOfWeek.values.length === 7].some(
    Boolean,
  );
}
