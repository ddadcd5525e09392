import type { Store } from './store.ts';

export const eventLevels = ['info', 'warning', 'error'] as const;
export type EventLevel = (typeof eventLevels)[number];

/** Something worth knowing that happened around a run. */
export interface RunEvent {
  readonly at: number;
  readonly level: EventLevel;
  readonly message: string;
}

export function addEvent({ db }: Store, run: string, { at, level, message }: RunEvent): void {
  const sql = 'INSERT INTO event (run, at, level, message) VALUES (?, ?, ?, ?)';
  db.write(() => db.run(sql, run, at, level, message), { durability: 'normal' });
}

export function eventsOf({ db }: Store, run: string): readonly RunEvent[] {
  return db.all<RunEvent>('SELECT at, level, message FROM event WHERE run = ? ORDER BY id', run);
}
