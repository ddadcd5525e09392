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

/** When a job runs: at the minutes that five fields name, or at each start of the machine. */
export type Schedule =
  | { readonly kind: 'calendar'; readonly text: string; readonly fields: Fields }
  | { readonly kind: 'reboot'; readonly text: string };

/** What is wrong with a schedule expression, with its place in the text. */
export interface ScheduleProblem {
  /** 0-based offset into the text, and how many characters are meant; at least 1. */
  readonly offset: number;
  readonly length: number;
  /** Stable and kebab-case, such as `schedule-range`. */
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
}

/** An expression, read: a schedule or what is wrong with it. */
export type Parsed =
  | { readonly ok: true; readonly schedule: Schedule }
  | { readonly ok: false; readonly problem: ScheduleProblem };
