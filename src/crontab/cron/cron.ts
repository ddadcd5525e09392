/** The crons that are known, by the names that `--cron` takes. */
export const cronNames = ['debian', 'cronie', 'busybox', 'systemd-cron', 'bcron', 'macos'] as const;
export type CronName = (typeof cronNames)[number];

/** What becomes of a table, or of one of its lines, that goes beyond what a cron takes. */
export type Excess =
  /** Its crontab(1) refuses the table, and the old one stays; its daemon drops a table that came in another way. */
  | 'refused'
  /** The daemon leaves out what is beyond, without a word to the owner. */
  | 'cut'
  /** There is no bound. */
  | 'none';

/** What a cron does where daylight saving skips times of day or shows them twice. */
export type Daylight =
  /** Fixed times in the gap run when it ends and are not repeated, wildcards follow the clock: Debian's cron(8). */
  | 'makes-up'
  /** A line is due whenever the clock on the wall shows its time: never in a gap, and twice in a repeat. */
  | 'follows'
  /** Fixed times in the gap run later by as much as it skips; only lines of every hour are sure to be repeated. */
  | 'moves'
  /** What is skipped is left out, and in the time that is shown again nothing runs at all: systemd.time(7) of 252. */
  | 'passes-over';

/** How the two day fields of a line are joined. */
export type DayRule =
  /** By "and" where one of them begins with a star, else by "or": crontab(5). */
  | 'by-star'
  /** By "and" where one of them names every day, else by "or". */
  | 'by-set'
  /** Always by "and". */
  | 'both';

/** What a cron takes, and how it reads what it takes. Bytes and numbers are the most that it accepts. */
export interface Cron {
  readonly name: CronName;
  /** In words, as the subject of a sentence: `Debian’s cron`. */
  readonly title: string;
  /** Bytes of a command; Infinity where nothing limits it. */
  readonly longestCommand: number;
  /** What becomes of a longer one. */
  readonly longCommand: Excess;
  /** Bytes of an environment line. */
  readonly longestVariable: number;
  /** What becomes of a longer one. */
  readonly longVariable: Excess;
  /** Lines of a table, everything counted, or entries alone; of root and of others. */
  readonly table: {
    readonly unit: 'lines' | 'entries';
    readonly most: number;
    readonly mostOfRoot: number;
    /** Environment lines. */
    readonly mostVariables: number;
    /** Bytes of comments and blank lines that stand together, and of the line behind them its indent and a first character. */
    readonly mostBetween: number;
    readonly beyond: Excess;
    /** Whether that holds for system tables too, which no crontab(1) has looked at. */
    readonly ofSystem: boolean;
  };
  /** Whether a table must be UTF-8. */
  readonly utf8: boolean;
  /** What becomes of a table in which one line is no line of a crontab: all of it, or that line alone. */
  readonly badLine: 'refused' | 'left-out';
  /** The option by which its crontab(1) checks a file; undefined where it has none. */
  readonly check: '-n' | '-T' | undefined;
  /** Whether its crontab(1) takes a table from its input, as the file `-`. */
  readonly takesInput: boolean;
  /** Which file names it reads in /etc/cron.d; undefined where it does not look there. */
  readonly systemNames: RegExp | undefined;
  /** Whether it knows `@daily` and the like. */
  readonly nicknames: boolean;
  /** Whether it knows `@reboot`. */
  readonly reboot: boolean;
  /** Whether it mails what a job writes, to MAILTO or to the owner of the table. */
  readonly mails: boolean;
  /** When it does: for any output, where the table has a MAILTO alone, or with an excerpt where the job has failed. */
  readonly mailsWhen: 'output' | 'output-and-mailto' | 'failed';
  /** Which environment lines it heeds. */
  readonly variables: 'all' | readonly string[];
  /** What a `%` in a command means. */
  readonly percent: 'input' | 'literal';
  /** Whether `CRON_TZ` in a table moves its lines to another zone. */
  readonly zoned: boolean;
  readonly daylight: Daylight;
  readonly days: DayRule;
  /** Whether a start is left out while that of the same line goes on. */
  readonly skipsOverlap: boolean;
}
