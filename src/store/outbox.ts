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

export function putInOutbox({ db }: Store, entry: NewEntry): void {
  const sql = `INSERT INTO outbox (id, project, run, recipients, subject, text, created_at, next_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
  const { id, project, run, recipients, subject, text, createdAt } = entry;
  db.write(() => db.run(sql, id, project, run, JSON.stringify(recipients), subject, text, createdAt, createdAt));
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

export function markSent({ db }: Store, id: string, at: number): void {
  const sql = 'UPDATE outbox SET sent_at = ?, next_at = NULL, error = NULL WHERE id = ?';
  db.write(() => db.run(sql, at, id));
}

/** Records a failed try; `nextAt` undefined gives the entry up. */
export function markUnsent({ db }: Store, id: string, error: string, nextAt: number | undefined): void {
  const sql = 'UPDATE outbox SET tries = tries + 1, error = ?, next_at = ? WHERE id = ?';
  db.write(() => db.run(sql, error, nextAt ?? null, id));
}

/** What waits and what was given up. */
export interface OutboxState {
  readonly waiting: number;
  readonly givenUp: number;
  /** Why the latest try failed; null while none did. */
  readonly lastError: string | null;
}

export function outboxState({ db }: Store): OutboxState {
  const sql = `SELECT count(next_at) AS waiting, count(*) - count(next_at) AS givenUp,
    (SELECT error FROM outbox WHERE sent_at IS NULL AND error IS NOT NULL ORDER BY created_at DESC LIMIT 1) AS lastError
    FROM outbox WHERE sent_at IS NULL`;
  return db.get<OutboxState>(sql) ?? { waiting: 0, givenUp: 0, lastError: null };
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
