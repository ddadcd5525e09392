import type { ComparedLine, Hunk } from '../crontab/difference.ts';
import type { Revision } from '../store/registry.ts';
import type { RevisionEntry } from '../store/revisions.ts';
import type { Snapshot } from '../store/snapshots.ts';
import type { HunkView, RevisionView, SnapshotView } from './table-views.ts';

type Format = (instant: number) => string;

/** What both voices show of a snapshot. */
export function snapshotView(
  { id, target, takenAt, takenBy, reason, revision, content }: Snapshot,
  format: Format,
): SnapshotView {
  return {
    id,
    target,
    takenAt: format(takenAt),
    takenBy,
    reason,
    revision: revision ?? null,
    lines: countLines(content),
    bytes: content.length,
  };
}

/** A last line without a line feed is one, too. */
function countLines(table: Buffer): number {
  return table.toString('latin1').match(/[^\n]*\n|[^\n]+/g)?.length ?? 0;
}

/** What both voices show of a revision. */
export function revisionView(entry: RevisionEntry, current: Revision | undefined, format: Format): RevisionView {
  const { id, createdAt, createdBy, ...others } = entry;
  const installed = { installedAt: format(createdAt), installedBy: createdBy };
  return { revision: id, current: id === current?.id, ...installed, ...others };
}

/** What both voices show of a difference. */
export function hunkView({ before, after, lines }: Hunk): HunkView {
  return {
    before: { line: before.start, count: before.count },
    after: { line: after.start, count: after.count },
    lines: lines.map(lineView),
  };
}

function lineView({ kind, line }: ComparedLine): HunkView['lines'][number] {
  const text = Buffer.from(line, 'latin1').toString().replace(/\n$/, '');
  return { kind, text, ends: line.endsWith('\n') };
}
