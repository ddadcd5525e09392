import type { FieldName } from '../schedule.ts';

/** What one field of crontab(5) may hold. */
export interface FieldRange {
  readonly title: string;
  readonly low: number;
  readonly high: number;
  /** The names of its values, in lower case, beginning with `low`; empty where numbers alone are allowed. */
  readonly names: readonly string[];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** The five fields in their order. Sunday is 0 and 7. */
export const fieldRanges: Readonly<Record<FieldName, FieldRange>> = {
  minute: { title: 'minute', low: 0, high: 59, names: [] },
  hour: { title: 'hour', low: 0, high: 23, names: [] },
  dayOfMonth: { title: 'day of month', low: 1, high: 31, names: [] },
  month: { title: 'month', low: 1, high: 12, names: months },
  dayOfWeek: { title: 'day of week', low: 0, high: 7, names: days },
};

/** The names of the five fields in the order of a crontab line. */
export const fieldNames = ['minute', 'hour', 'dayOfMonth', 'month', 'dayOfWeek'] as const satisfies FieldName[];
