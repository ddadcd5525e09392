import type { CaptureChanges, Piece, StreamTotal } from '../run/capture.ts';
import type { Stream } from '../run/stream.ts';
import type { Store } from './store.ts';

/** What one write brings up to date of a run's output. */
export interface OutputUpdate extends CaptureChanges {
  readonly run: string;
  readonly totals: Readonly<Record<Stream, StreamTotal>>;
}

/** Brings the stored output of a run up to date. */
export function updateOutput({ db }: Store, { run, add, drop, totals }: OutputUpdate): void {
  const work = (): void => {
    const insert = 'INSERT INTO output (run, seq, attempt, stream, at, bytes) VALUES (?, ?, ?, ?, ?, ?)';
    for (const { seq, attempt, stream, at, bytes } of add) db.run(insert, run, seq, attempt, stream, at, bytes);
    for (const seq of drop) db.run('DELETE FROM output WHERE run = ? AND seq = ?', run, seq);
    const { stdout, stderr } = totals;
    db.run('UPDATE run SET stdout_bytes = ?, stderr_bytes = ? WHERE id = ?', stdout.bytes, stderr.bytes, run);
  };
  db.write(work, { durability: 'normal' });
}

/** The kept output of a run behind a piece already seen, in order. */
export function outputOf({ db }: Store, run: string, afterSeq = 0): readonly Piece[] {
  const sql = 'SELECT seq, attempt, stream, at, bytes FROM output WHERE run = ? AND seq > ? ORDER BY seq';
  return db.all<Piece>(sql, run, afterSeq);
}
