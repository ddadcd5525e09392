import type { Table } from '../crontab/table.ts';

/** A table that is to be another. */
export interface TableChange {
  readonly table: Table;
  /** Its label. */
  readonly target: string;
  readonly before: Buffer;
  readonly next: Buffer;
}
