import type { JobId } from '../job/job.ts';

/** In what a table can differ from what was installed. */
export const driftKinds = [
  'edited',
  'deleted',
  'added',
  /** It stands there as a comment. */
  'commented-out',
  /** It stands outside of the block. */
  'moved-out',
  /** It stands there more than once. */
  'duplicated',
  /** A marker of a block is damaged, lost, or there twice. */
  'marker',
  /** The block is gone with its markers. */
  'block-gone',
  /** Nothing is left of the table that was written last. */
  'table-replaced',
] as const;
export type DriftKind = (typeof driftKinds)[number];

/** A line of a block that is not as it was installed. */
export interface Drift {
  readonly kind: DriftKind;
  /** Whose line it is; null for the tick's, for a line that names no job, and for what concerns a whole block. */
  readonly job: JobId | null;
  /** As installed; null for an added line. */
  readonly wanted: string | null;
  /** As it stands in the table, with invalid UTF-8 replaced; null for a deleted line. */
  readonly found: string | null;
  /** Where it was found, 1-based; null where it was not. */
  readonly line: number | null;
}
