/** One field of a crontab(5) entry, as a set. */
export interface Field {
  /** The text begins with `*`: crontab(5) lets that decide how the two day fields combine, and who follows the clock. */
  readonly star: boolean;
  /** The values it names, ascending and without repeats; Sunday is 0. */
  readonly values: readonly number[];
}

/** The five fields of crontab(5). */
export interface Fields {
  readonly minute: Field;
  readonly hour: Field;
  readonly dayOfMonth: Field;
  readonly month: Field;
  readonly dayOfWeek: Field;
}

/** When a job runs: at the minutes that five fields name, or at each start of the machine. The text is as written. */
export type Schedule =
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
  /** A word that is no name of a month or day, such as `MONDAY` or `L`. */
  'schedule-name',
  /** A number outside its field. */
  'schedule-range',
  /** A range whose end is before its start. */
  'schedule-order',
  /** A step that is zero, leaves a single value, or follows a single value. */
  'schedule-step',
  /** No date satisfies the day and month fields. */
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
