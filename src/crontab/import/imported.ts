import type { Cron } from '../cron/cron.ts';

/** Where a table comes from. */
export interface ImportSource {
  /** The cron that reads it. */
  readonly cron: Cron;
  /** Its lines name an account between time and command, as those of /etc/crontab do. */
  readonly system: boolean;
  /** The account whose table it is; of a system table, root. */
  readonly owner: string;
  /** The account whose table the jobs will be installed into; a job under another one has to name it. Unknown if absent. */
  readonly account?: string | undefined;
  /**
   * Names of variables that foreign lines of that table set: what cron hands on to the jobs of its own account, such as
   * PATH. If absent, those of the table that is read.
   */
  readonly outer?: readonly string[] | undefined;
}

/** A table, read. */
export interface Imported {
  /** Its entries but for those of cronwright's own blocks, in the order of the table. */
  readonly entries: readonly ImportedEntry[];
}

/** An entry of a table: a job that does the same, or why there is none. */
export type ImportedEntry = AdoptableEntry | ObstructedEntry;

interface EntryPlace {
  /** Of the entry itself, 1-based. */
  readonly line: number;
  /** The entry as it stands, without its line feed; invalid UTF-8 replaced. */
  readonly text: string;
}

export interface AdoptableEntry extends EntryPlace {
  readonly kind: 'adoptable';
  readonly draft: JobDraft;
  /** As for `replaces:`: the comments that belong to this entry alone, and the entry as the last. */
  readonly lines: readonly string[];
  /** What is to be known before it is adopted, each a sentence without a full stop. */
  readonly notes: readonly string[];
  /** The wrappers around its command that settings can take the place of, the outermost first. */
  readonly offers: readonly Offer[];
}

export interface ObstructedEntry extends EntryPlace {
  readonly kind: 'obstructed';
  /** Why no job can do the same: a sentence without a full stop. */
  readonly obstacle: string;
  /** What makes it adoptable, as far as something does. */
  readonly remedy: string | undefined;
  /** The cron takes no such line; Debian's and others then read nothing of the table. */
  readonly refused: boolean;
}

/** As under `command:`. */
export type DraftCommand = string | readonly [string, ...string[]];

/** What a job has to say to run as the entry does, under cron's own rules: everything else at its default. */
export interface JobDraft {
  /** Proposed from the command, unique within the table; a job's name. */
  readonly name: string;
  /** At most 500 characters of one line; empty where nothing describes it. */
  readonly description: string;
  readonly schedule: string;
  readonly command: DraftCommand;
  /** As under `env:`: each literal `${` is written `$${`. */
  readonly env: Readonly<Record<string, string>>;
  /** What the task reads; empty for nothing. */
  readonly stdin: string;
  /** The account it runs under, always named. */
  readonly user: string;
  /** The zone on whose clock the schedule is read; empty for the host's. */
  readonly timezone: string;
  /** Always empty: it starts in the HOME of its environment, as under cron. */
  readonly cwd: '';
  /** The addresses of MAILTO; undefined where it is not set or names none, `nobody` where it is empty. */
  readonly notifyTo: readonly string[] | 'nobody' | undefined;
  /** Cron starts an entry also while it runs. */
  readonly overlap: 'allow';
}

/** A wrapper that settings of the job can take the place of. */
export interface Offer {
  readonly wrapper: 'flock' | 'timeout';
  /** Its words as they stand, such as `flock -n /tmp/backup.lock`. */
  readonly found: string;
  readonly settings: OfferedSettings;
  /** The command without this wrapper and those before it. */
  readonly command: DraftCommand;
}

/** By their keys in the jobs file. */
export interface OfferedSettings {
  readonly overlap?: 'skip' | 'wait';
  readonly 'wait-up-to'?: string;
  readonly timeout?: string;
  readonly grace?: string | 0;
}
