import type { Drift } from '../crontab/drift.ts';

/*
 * What commands show of tables: of their snapshots, of what is to become jobs, of drift; data as in views.ts.
 */

/** One of `snapshots --json`: a table as it was before a write. */
export interface SnapshotView {
  readonly id: number;
  readonly target: string;
  readonly takenAt: string;
  readonly takenBy: string;
  /** What was written then, in words. */
  readonly reason: string;
  /** The revision that came with that write; null where none did. */
  readonly revision: number | null;
  readonly lines: number;
  readonly bytes: number;
}

/** `snapshots ID --json`. */
export interface SnapshotContentView extends SnapshotView {
  /** Invalid UTF-8 is replaced. */
  readonly content: string;
}

/** One of `rollback --list --json`. */
export interface RevisionView {
  readonly revision: number;
  readonly project: string;
  /** Whether it is the one that is installed. */
  readonly current: boolean;
  readonly installedAt: string;
  readonly installedBy: string;
  /** The jobs file that it was made from. */
  readonly file: string;
  readonly target: string;
  /** How many jobs it has, and in how many it differs from the revision before. */
  readonly jobs: number;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

/** Lines of a table: the number of the first, 1-based, and how many; of none the number of the line before them. */
export interface LinesView {
  readonly line: number;
  readonly count: number;
}

/** A stretch in which a table and a snapshot differ, within `restore --json`. */
export interface HunkView {
  readonly before: LinesView;
  readonly after: LinesView;
  readonly lines: readonly {
    readonly kind: 'same' | 'removed' | 'added';
    /** Without its line feed; invalid UTF-8 is replaced. */
    readonly text: string;
    /** Whether it ends with a line feed, which only the last line of a table may lack. */
    readonly ends: boolean;
  }[];
}

/** How a project that is installed into a table agrees with a snapshot of it, within `restore --json`. */
export interface FitView {
  readonly project: string;
  /** The revision that is installed. */
  readonly installed: number;
  /** The label of the table that it is installed in. */
  readonly target: string;
  /** Whether that is another table, and the snapshot has its lines as well. */
  readonly elsewhere: boolean;
  readonly fits: boolean;
  /** The newest revision whose lines the snapshot has; null where none has them. */
  readonly revision: number | null;
}

/** `restore --json`. */
export interface RestoreView {
  readonly snapshot: SnapshotView;
  /** Whether the table was written. */
  readonly applied: boolean;
  /** Lines that come, and that go. */
  readonly added: number;
  readonly removed: number;
  readonly hunks: readonly HunkView[];
  readonly projects: readonly FitView[];
}

/** `adopt --json`. */
export interface AdoptView {
  /** The jobs file, as it was named. */
  readonly file: string;
  /** Whether the jobs stand in it now. */
  readonly written: boolean;
  /** The tables that were read: `user`, `user:NAME` or a path. */
  readonly tables: readonly string[];
  readonly jobs: readonly AdoptedJobView[];
  readonly obstructed: readonly ObstructedView[];
  /** How many entries jobs of the file take the place of already. */
  readonly adopted: number;
  /** How many entries the patterns left out. */
  readonly leftOut: number;
}

/** An entry and the job that it becomes. */
export interface AdoptedJobView {
  readonly job: string;
  readonly table: string;
  /** 1-based. */
  readonly line: number;
  /** The entry as it stands. */
  readonly entry: string;
  readonly schedule: string;
  readonly words: string;
  readonly command: string | readonly string[];
  readonly user: string;
  /** What the jobs file says of it, by its keys. */
  readonly spec: Readonly<Record<string, unknown>>;
  readonly notes: readonly string[];
  readonly offers: readonly OfferView[];
}

/** A wrapper that settings can take the place of. */
export interface OfferView {
  readonly found: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Whether the settings took its place. */
  readonly taken: boolean;
}

/** An entry that cannot become a job. */
export interface ObstructedView {
  readonly table: string;
  readonly line: number;
  readonly entry: string;
  readonly obstacle: string;
  readonly remedy: string | null;
}

/** One project of `drift --json`. */
export interface DriftView {
  readonly project: string;
  /** The table's label. */
  readonly target: string;
  readonly state: 'as-installed' | 'drifted' | 'unreadable';
  readonly drift: readonly DriftedLineView[];
  /** Why the table cannot be read, or why sync would not write it as it stands; null for neither. */
  readonly message: string | null;
  readonly remedy: string | null;
}

/** One way in which a table is not as it was installed. */
export interface DriftedLineView extends Drift {
  /** In words. */
  readonly message: string;
  /** What mends it. */
  readonly remedy: string;
}
