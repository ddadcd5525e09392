import { keepSnapshot, type NewSnapshot } from '../store/snapshots.ts';
import type { Store } from '../store/store.ts';
import { lastWritten } from '../store/written.ts';

/**
 * Keeps a table as it is before a write. Where nothing in it is left of what cronwright wrote last, as after `crontab -r`,
 * that is kept first: it has lines of others too, which nobody else can give back.
 * @returns the number of the snapshot.
 */
export function keepTable(store: Store, snapshot: NewSnapshot): number {
  const { target, takenAt, takenBy, content } = snapshot;
  const last = lastWritten(store, target);
  if (last !== undefined && isAnother(content, last.content)) {
    keepSnapshot(store, { target, takenAt, takenBy, reason: 'loss of all its lines', content: last.content });
  }
  return keepSnapshot(store, snapshot);
}

function isAnother(now: Buffer, written: Buffer): boolean {
  const before = new Set(linesOf(written));
  return before.size > 0 && !linesOf(now).some((line) => before.has(line));
}

function linesOf(table: Buffer): readonly string[] {
  const lines = table.toString('latin1').split('\n');
  return lines.filter((line) => line.trim() !== '');
}
