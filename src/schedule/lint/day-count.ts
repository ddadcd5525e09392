import { dateMatches } from '../calendar/wall.ts';
import type { Fields } from '../schedule.ts';

/** 2025-01-01, from which four years with their leap day are counted. */
const firstDay = 20_089;
const years = 4;
const days = 1_461;

/** On how many days of a year the fields fit, about. */
export function daysOfYear(fields: Fields): number {
  let count = 0;
  for (let day = firstDay; day < firstDay + days; day++) if (dateMatches(fields, day)) count += 1;
  return Math.round(count / years);
}

/** `every day`, `about 64 days a year`. */
export function yearWords(count: number): string {
  return count >= 365 ? 'every day' : `about ${count} day${count === 1 ? '' : 's'} a year`;
}
