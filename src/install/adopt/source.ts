import type { Cron } from '../../crontab/cron/cron.ts';

/** A table whose entries may become jobs. */
export interface SourceTable {
  /** As `replaces:` names it: `user`, `user:NAME` or an absolute path. */
  readonly name: string;
  readonly bytes: Buffer;
  /** Its lines name an account between time and command. */
  readonly system: boolean;
  /** The account whose table it is; of a system table, root. */
  readonly owner: string;
  /** The cron that reads it. */
  readonly cron: Cron;
}

/** Where the jobs are to be installed. */
export interface Home {
  /** The table as `replaces:` would name it. */
  readonly table: string;
  /** What `--from` calls the table whose entries are looked at first. */
  readonly target: string;
  /** The account under which the jobs run that name no other. */
  readonly account: string;
  /** Variables that the table sets for all its lines. */
  readonly outer: readonly string[];
  /** IANA name of the host's zone. */
  readonly zone: string;
}
