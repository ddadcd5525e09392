import type { Store } from './store.ts';

/** A mail that is to be sent. It is in the outbox until a server took it or it was given up. */
export interface OutboxEntry {
  /** Unique for all time: it becomes the mail's Message-ID. */
  readonly id: string;
  readonly project: string;
  readonly run: string;
  readonly recipients: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly createdAt: number;
  /** Tries that failed. */
  readonly tries: number;
}

export type NewEntry = Omit<OutboxEntry, 'tries'>;

interface Row extends Omit<OutboxEntry, 'recipients'> {
  recipients: string;
}

/** While one process tries to send, no other does; should it die, the entry is due again after this. */
export const claimTime = 60_000;

/** Puts an entry in, once: one that was put in already stays as it is. Returns whether this call put it in. */
export function putInOutbox({ db }: Store, entry: NewEntry): boolean {
  const sql = `INSERT INTO outbox (id, project, run, recipients, subject, text, created_at, next_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`;
  const { id, project, run, recipients, subject, text, createdAt } = entry;
  const values = [id, project, run, JSON.stringify(recipients), subject, text, createdAt, createdAt];
  return db.write(() => db.run(sql, ...values)) === 1;
}

/** Takes the next entry that is due, so that nobody else does; undefined when none is. */
export function claimFromOutbox({ db }: Store, now: number): OutboxEntry | undefined {
  const due = 'SELECT id FROM outbox WHERE next_at <= ? ORDER BY next_at LIMIT 1';
  if (db.get(due, now) === undefined) return undefined;
  const sql = `UPDATE outbox SET next_at = ? WHERE id = (${due})
    RETURNING id, project, run, recipients, subject, text, created_at AS createdAt, tries`;
  const row = db.write(() => db.get<Row>(sql, now + claimTime, now));
  return row && { ...row, recipients: JSON.parse(row.recipients) as string[] };
}

/** What came of sending an entry. */
export interface Sent {
  readonly id: string;
  readonly at: number;
  /** The addresses that were not taken while others were, each with the reason. */
  readonly refused: readonly string[];
}

export function markSent({ db }: Store, { id, at, refused }: Sent): void {
  const sql = 'UPDATE outbox SET sent_at = ?, next_at = NULL, error = ? WHERE id = ?';
  db.write(() => db.run(sql, at, refused.length === 0 ? null : refused.join('; '), id));
}

/**
 * Records a failed try; `nextAt` undefined gives the entry up. A claim that ran out while its process hung does not undo
 * what the next process has done.
 */
export function markUnsent({ db }: Store, id: string, error: string, nextAt: number | undefined): void {
  const sql = 'UPDATE outbox SET tries = tries + 1, error = ?, next_at = ? WHERE id = ? AND sent_at IS NULL';
  db.write(() => db.run(sql, error, nextAt ?? null, id));
}

/** What waits, and what was given up lately. */
export interface OutboxState {
  readonly waiting: number;
  readonly givenUp: number;
  /** Why the newest of them was not sent yet; null while no try failed. */
  readonly lastError: string | null;
}

/** @param since what was written before and given up is passed over, or nothing would ever be right again. */
export function outboxState({ db }: Store, since: number): OutboxState {
  const sql = `WITH unsent AS (SELECT next_at, error, created_at FROM outbox
      WHERE sent_at IS NULL AND (next_at IS NOT NULL OR created_at >= ?))
    SELECT count(next_at) AS waiting, count(*) - count(next_at) AS givenUp,
      (SELECT error FROM unsent WHERE error IS NOT NULL ORDER BY created_at DESC LIMIT 1) AS lastError FROM unsent`;
  return db.get<OutboxState>(sql, since) ?? { waiting: 0, givenUp: 0, lastError: null };
}

/** How the mails of a run stand. */
export interface Told {
  readonly recipients: readonly string[];
  readonly sentAt: number | null;
  readonly waiting: boolean;
  readonly error: string | null;
}

export function toldOf({ db }: Store, run: string): readonly Told[] {
  const sql = 'SELECT recipients, sent_at AS sentAt, next_at IS NOT NULL AS waiting, error FROM outbox WHERE run = ?';
  const rows = db.all<{ recipients: string; sentAt: number | null; waiting: number; error: string | null }>(sql, run);
  return rows.map((row) => ({
    ...row,
    recipients: JSON.parse(row.recipients) as string[],
    waiting: row.waiting === 1,
  }));
}
