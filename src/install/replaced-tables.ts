import { isSystemTable } from '../crontab/target.ts';
import { ownAccount } from '../job/account.ts';
import type { Replaced } from '../job/job.ts';
import type { Place } from './place.ts';

/** What is to be taken out, by the labels of the tables. */
export function replacedByTable(
  replaces: readonly Replaced[],
  place: Pick<Place, 'table' | 'target'>,
): ReadonlyMap<string, readonly Replaced[]> {
  return Map.groupBy(replaces, ({ table }) => labelOf(table, place));
}

/** A crontab that is named in two ways is one table, and would be written twice. */
function labelOf(named: string, { table, target }: Pick<Place, 'table' | 'target'>): string {
  const label = named.startsWith('/') && !isSystemTable(named) ? `file:${named}` : named;
  if (label === '' || label === table.label) return target;
  return label === `user:${ownAccount().user}` ? 'user' : label;
}
