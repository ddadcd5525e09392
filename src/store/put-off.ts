import { closeRun, openRunById } from './runs.ts';
import type { Store } from './store.ts';

/** A run whose permit is granted, and which begins at a time of its own. UTC milliseconds. */
export interface PutOff {
  readonly run: string;
  readonly until: number;
  /** Why and until when, to follow a job's name. */
  readonly reason: string;
}

/** Milliseconds to wait for another writer. */
const patience = 5_000;

/** Notes that a run waits before its first attempt. It holds its job all the while as if it went on. */
export function putOff({ db }: Store, { run, until, reason }: PutOff): void {
  const sql = `UPDATE run SET state = 'waiting', reason = ?, retry_at = ?, retry_attempt = 1
    WHERE id = ? AND state = 'running'`;
  db.write(() => db.run(sql, reason, until, run), { patience });
}

/** Lets a run begin that was put off. `closed`: somebody has ended it meanwhile, or does so here by their request. */
export function beginPutOff(store: Store, run: string, at: number): 'begun' | 'closed' {
  const { db } = store;
  return db.write(
    () => {
      const own = openRunById(store, run);
      if (own === undefined) return 'closed';
      if (own.cancelBy !== null) {
        closeRun(store, { run, state: 'cancelled', at });
        return 'closed';
      }
      const sql = `UPDATE run SET state = 'running', started_at = ?, reason = NULL, retry_at = NULL, retry_attempt = NULL
        WHERE id = ? AND state = 'waiting'`;
      db.run(sql, at, run);
      return 'begun';
    },
    { patience },
  );
}
