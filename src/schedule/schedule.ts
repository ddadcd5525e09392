/** One field of a crontab(5) entry, as a set. */
export interface Field {
  /** The text begins with `*`: crontab(5) lets that decide how the two day fields combine, and who follows the clock. */
  readonly star: boolean;
  /** The values it names, ascending and without repeats; Sunday is 0. */
  readonly values: readonly number[];
}

/** The five fields of crontab(5) by name. */
export type FieldName = 'minute' | 'hour' | 'dayOfMonth' | 'month' | 'dayOfWeek';

/** A day of a month that is counted from its end, or moved off the weekend. */
export type MonthDay =
  /** `L`: the last day; `L-3`: so many days before it. */
  | { readonly kind: 'last'; readonly before: number }
  /** `LW`: the last day from Monday to Friday. */
  | { readonly kind: 'last-weekday' }
  /** `15W`: the day from Monday to Friday of the same month that is nearest to this date. */
  | { readonly kind: 'nearest-weekday'; readonly day: number };

/** `5#3`: the third Friday of a month; `5L`: the last. Sunday is 0. */
export interface NthWeekday {
  readonly weekday: number;
  /** 1 to 5; a month without a fifth has none. */
  readonly nth: number | 'last';
}

/** What a schedule says of its days beyond what cron can. */
export interface ExtraDays {
  /** Further days of the day-of-month field. */
  readonly ofMonth: readonly MonthDay[];
  /** Further days of the day-of-week field. */
  readonly ofWeek: readonly NthWeekday[];
  /** Only every so many days, counted from a day; both in days, the latter since 1970-01-01. */
  readonly every: { readonly days: number; readonly from: number } | undefined;
}

/** Times of day as minutes since midnight, both included; from 22:00 to 06:00 it goes over midnight. */
export interface DayWindow {
  readonly from: number;
  readonly to: number;
}

/** The five fields of crontab(5), and what goes beyond them. */
export interface Fields {
  readonly extra?: ExtraDays | undefined;
  /** The times of day that count. */
  readonly between?: DayWindow | undefined;
  readonly minute: Field;
  readonly hour: Field;
  readonly dayOfMonth: Field;
  readonly month: Field;
  readonly dayOfWeek: Field;
}

/**
 * Minutes from one start to the next, by elapsed time, whatever the clock on the wall does. It is counted from a wall
 * time, milliseconds since 1970-01-01 00:00 on the clock of the job's zone; nothing runs before it.
 */
export interface Interval {
  readonly minutes: number;
  readonly from: number;
  readonly between?: DayWindow | undefined;
}

/** When a job runs: at the minutes that fields name, evenly, or at each start of the machine. The text is as written. */
export type Schedule =
  | { readonly kind: 'interval'; readonly text: string; readonly interval: Interval }
  | { readonly kind: 'calendar'; readonly text: string; readonly fields: Fields }
  | { readonly kind: 'reboot'; readonly text: string };

/** What can be wrong with a schedule expression. The codes are stable: people filter on them. */
export const scheduleCodes = [
  /** Nothing but blanks. */
  'schedule-empty',
  /** More or fewer than five fields; a sixth for seconds among them. */
  'schedule-fields',
  /** A piece of a field is missing: `1,,2`, `1-`, a `/` without a number. */
  'schedule-value',
  /** A character that crontab(5) does not know, such as `~`, `?` or `;`. */
  'schedule-character',
  /** A word that is no name of a month or day, such as `MONDAY`. */
  'schedule-name',
  /** A number outside its field. */
  'schedule-range',
  /** A range whose end is before its start. */
  'schedule-order',
  /** A step that is zero, leaves a single value, or follows a single value. */
  'schedule-step',
  /** A day such as `L` or `5#3` in a field that does not hold it. */
  'schedule-day',
  /** No date satisfies the day and month fields, or no time of day the rest. */
  'schedule-never',
  /** A word after `@` that is none of the nicknames. */
  'schedule-nickname',
  /** A phrase that cannot be read. */
  'schedule-phrase',
  /** An `every` that does not divide the hour or the day evenly. */
  'schedule-interval',
  /** A time of day that does not exist, or times that one expression cannot hold together. */
  'schedule-time',
  /** Another validator's objection, without a place of its own. */
  'schedule-syntax',
] as const;
export type ScheduleCode = (typeof scheduleCodes)[number];

/** What is wrong with a schedule expression, with its place in the text. */
export interface ScheduleProblem {
  /** 0-based offset into the text, and how many characters are meant; at least 1. */
  readonly offset: number;
  readonly length: number;
  readonly code: ScheduleCode;
  /** What was found and what was expected. */
  readonly message: string;
  /** What mends it, with the corrected expression where there is one. */
  readonly hint: string | undefined;
}

/** An expression, read: a schedule or what is wrong with it. */
export type Parsed =
  | { readonly ok: true; readonly schedule: Schedule }
  | { readonly ok: false; readonly problem: ScheduleProblem };
