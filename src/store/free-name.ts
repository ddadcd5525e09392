import type { Store } from './store.ts';

/**
 * The first of some names that no run has: two of one millisecond are alike by chance, and a tick that comes after a night
 * names thousands at once. It belongs into the transaction that records the run.
 * @param newName makes names of a run, another at each call.
 */
export function freeName({ db }: Store, newName: () => string): string {
  const isTaken = (name: string) => db.get('SELECT 1 FROM run WHERE id = ?', name) !== undefined;
  let name = newName();
  while (isTaken(name)) name = newName();
  return name;
}
