import { isAlive } from '../launch/holder.ts';
import { newRunId } from '../launch/run-id.ts';
import type { StoredWorld } from '../launch/world.ts';
import { takeIn } from '../store/take-in.ts';

/** Brings the records into the database that were written while it could not be used. */
export function takeInSpooled({ store, clock, complain }: StoredWorld): void {
  const now = clock.now();
  const { torn, problem } = takeIn(store, { isAlive, newName: () => newRunId(now), now });
  for (const path of torn) complain(`cronwright: a record could not be read and was kept as ${path}\n`);
  if (problem !== undefined) complain(`cronwright: the spool has to wait: ${problem}\n`);
}
