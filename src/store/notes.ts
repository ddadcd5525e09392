import type { Store } from './store.ts';

/** The direct child of an attempt: alive only while both match a live process. */
export interface TaskProcess {
  readonly pid: number;
  /** Its start time in the kernel's ticks since boot; 0 where the system does not tell. */
  readonly born: number;
}

/** A longer result is not kept, in bytes. */
export const largestResult = 64 * 1024;

const soon = { durability: 'normal' } as const;

/** Notes the process of the current attempt: while it lives it holds the run, also without its wrapper. */
export function noteTask({ db }: Store, run: string, { pid, born }: TaskProcess): void {
  db.write(() => db.run('UPDATE run SET task_pid = ?, task_born = ? WHERE id = ?', pid, born, run), soon);
}

/** Notes how far a task says it is. What lies outside of 0 to 1 is brought to the nearer end. */
export function noteProgress({ db }: Store, run: string, value: number): void {
  const progress = Math.min(1, Math.max(0, value));
  db.write(() => db.run('UPDATE run SET progress = ? WHERE id = ?', progress, run), soon);
}

/** Keeps a task's result, a JSON text, in place of an earlier one. Returns whether it was short enough. */
export function noteResult({ db }: Store, run: string, value: string): boolean {
  if (Buffer.byteLength(value) > largestResult) return false;
  db.write(() => db.run('UPDATE run SET result = ? WHERE id = ?', value, run), soon);
  return true;
}

/** The task's result as JSON text; undefined where it gave none. */
export function resultOf({ db }: Store, run: string): string | undefined {
  return db.get<{ result: string | null }>('SELECT result FROM run WHERE id = ?', run)?.result ?? undefined;
}
