import type { Piece } from '../run/capture.ts';
import { addEvent, type RunEvent } from './events.ts';
import { yieldMissed } from './missed.ts';
import { type NewEntry, putInOutbox } from './outbox.ts';
import { type Attempt, type Holder, type OpenRun, type Run, type RunState, runOfSlot } from './runs.ts';
import type { Store } from './store.ts';

/** A run with all that its row in the database holds. */
export interface RecordedRun extends Omit<Run, 'firstSlot' | 'slots'>, Holder, Pick<OpenRun, 'taskPid' | 'taskBorn'> {
  /** What the task gave as its result, JSON. */
  readonly result: string | null;
}

/** A piece of output as JSON can hold it: its bytes are base64. */
export interface RecordedPiece extends Omit<Piece, 'bytes'> {
  readonly bytes: string;
}

/** A run as a whole, plain data that JSON can hold: what is written where the database cannot be. */
export interface RunRecord {
  readonly format: 1;
  readonly run: RecordedRun;
  readonly attempts: readonly Attempt[];
  /** What is kept of the output, in the order of `seq`. */
  readonly output: readonly RecordedPiece[];
  readonly events: readonly RunEvent[];
  /** The mails that tell of the run. */
  readonly mails: readonly NewEntry[];
}

/** Stands for a process that nobody can name: the boot is none. */
export const unknownHolder: Holder = { pid: 0, boot: 'unknown', born: 0 };

/** What a record was to the database: a run it did not know, one of which it knew less, or nothing new. */
export type Saved = 'new' | 'completed' | 'known';

export function recordedPiece(piece: Piece): RecordedPiece {
  return { ...piece, bytes: piece.bytes.toString('base64') };
}

export function isOpen<T extends { readonly state: RunState }>(run: T): run is T & Pick<OpenRun, 'state'> {
  return run.state === 'running' || run.state === 'waiting';
}

/**
 * Takes a run in as a whole, in one transaction, any number of times. A run that is closed stays as it is, unless it was
 * closed as interrupted by somebody who could not know how it ended. No slot gets a second run.
 */
export function saveRecord(store: Store, record: RunRecord): Saved {
  return store.db.write(() => {
    const sql = 'SELECT id, state, slot, attempts, retry_at AS retryAt FROM run WHERE id = ?';
    const known = store.db.get<Row>(sql, record.run.run);
    if (known && !saysMore(record.run, known)) return 'known';
    writeRun(store, record.run, known);
    writeParts(store, record);
    return known === undefined ? 'new' : 'completed';
  });
}

interface Row {
  readonly id: string;
  readonly state: RunState;
  readonly slot: number | null;
  readonly attempts: number;
  readonly retryAt: number | null;
}

/** Whether a record tells of a run what the database does not know. */
function saysMore(run: RecordedRun, known: Row): boolean {
  if (!isOpen(known)) return known.state === 'interrupted' && !isOpen(run) && run.state !== 'interrupted';
  if (!isOpen(run)) return true;
  // An open record may lie there since before the database was told more.
  return run.attempts > known.attempts || (run.attempts === known.attempts && run.retryAt !== known.retryAt);
}

function writeRun(store: Store, run: RecordedRun, known: Row | undefined): void {
  const columns = columnsOf(run, known ? known.slot : slotFor(store, run));
  const names = Object.keys(columns);
  const insert = `INSERT INTO run (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})
    ON CONFLICT (id) DO UPDATE SET ${names.map((name) => `${name} = ${latest(name)}`).join(', ')}`;
  store.db.run(insert, ...Object.values(columns));
  if (known?.state === 'interrupted') {
    note(store, run, 'info', 'it was taken for interrupted until its own record came in');
  }
}

/** Whoever asked for the run's end told the database, and not the process that wrote the record. */
function latest(column: string): string {
  return column === 'cancel_by' ? 'coalesce(cancel_by, excluded.cancel_by)' : `excluded.${column}`;
}

function columnsOf(run: RecordedRun, slot: number | null) {
  return {
    id: run.run,
    job: run.job,
    revision: run.revision,
    slot,
    trigger: run.trigger,
    state: run.state,
    pid: run.pid,
    boot: run.boot,
    born: run.born,
    task_pid: run.taskPid,
    task_born: run.taskBorn,
    started_at: run.startedAt,
    ended_at: run.endedAt,
    attempts: run.attempts,
    exit_code: run.exitCode,
    signal: run.signal,
    reason: run.reason,
    cancel_by: run.cancelBy,
    retry_at: run.retryAt,
    retry_attempt: run.retryAttempt,
    continues: run.continues,
    progress: run.progress,
    result: run.result,
    cpu_ms: run.cpuMs,
    peak_memory: run.peakMemory,
    stdout_bytes: run.stdoutBytes,
    stderr_bytes: run.stderrBytes,
  };
}

/**
 * The slot that a run new to the database is recorded with: its own, unless another run has it. One that launched nothing
 * makes way; beside one that did, the run is kept without its slot, and says so.
 */
function slotFor(store: Store, run: RecordedRun): number | null {
  if (run.slot === null) return null;
  yieldMissed(store, run.job, run.slot);
  const other = runOfSlot(store, run.job, run.slot);
  if (other === undefined) return run.slot;
  const makeWay = `UPDATE run SET slot = NULL
    WHERE id = ? AND attempts = 0 AND (state NOT IN ('waiting', 'running') OR boot = ?)`;
  if (store.db.run(makeWay, other, unknownHolder.boot) === 0) {
    note(store, run, 'error', `its slot, ${new Date(run.slot).toISOString()}, was that of run ${other} already`);
    return null;
  }
  const message = `its slot is that of run ${run.run}, whose record came in later`;
  addEvent(store, other, { at: run.startedAt, level: 'info', message });
  return run.slot;
}

function note(store: Store, { run, endedAt, startedAt }: RecordedRun, level: RunEvent['level'], message: string): void {
  addEvent(store, run, { at: endedAt ?? startedAt, level, message });
}

function writeParts(store: Store, { run: { run }, attempts, output, events, mails }: RunRecord): void {
  const { db } = store;
  const attempt = 'INSERT OR REPLACE INTO attempt (run, number, started_at, ended_at, end) VALUES (?, ?, ?, ?, ?)';
  for (const { number, startedAt, endedAt, end } of attempts) db.run(attempt, run, number, startedAt, endedAt, end);
  if (output.length > 0) db.run('DELETE FROM output WHERE run = ?', run);
  const piece = 'INSERT INTO output (run, seq, attempt, stream, at, bytes) VALUES (?, ?, ?, ?, ?, ?)';
  for (const { seq, attempt, stream, at, bytes } of output) {
    db.run(piece, run, seq, attempt, stream, at, Buffer.from(bytes, 'base64'));
  }
  for (const event of events) noteOnce(store, run, event);
  for (const mail of mails) {
    if (db.get('SELECT 1 FROM outbox WHERE id = ?', mail.id) === undefined) putInOutbox(store, mail);
  }
}

/** Adds an event to a run, unless the run has it. */
export function noteOnce(store: Store, run: string, event: RunEvent): void {
  const known = 'SELECT 1 FROM event WHERE run = ? AND at = ? AND level = ? AND message = ?';
  if (store.db.get(known, run, event.at, event.level, event.message) === undefined) addEvent(store, run, event);
}
