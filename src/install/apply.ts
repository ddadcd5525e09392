import { UserError } from '../errors.ts';
import { writeCopy } from '../store/copy.ts';
import { install, withdraw } from '../store/registry.ts';
import { keepSnapshot } from '../store/snapshots.ts';
import type { Store } from '../store/store.ts';
import type { Prepared } from './prepare.ts';
import { probeLines } from './probe.ts';

/** Who applies a plan, and when. */
export interface Applying {
  readonly by: string;
  readonly at: number;
}

/**
 * Does what was planned: stores the jobs as a revision, then writes the table. If the table cannot be written, the
 * revision is withdrawn, so that what is listed as installed is what cron starts.
 * @returns why there is no plain copy of the jobs, in words; undefined where all is well.
 * @throws UserError when cron could not start the launcher, or the table cannot be written; nothing is changed then.
 */
export async function apply(store: Store, prepared: Prepared, { by, at }: Applying): Promise<string | undefined> {
  const { project, settings, wanted, before, nextTable } = prepared;
  const sameTable = nextTable.equals(before);
  if (!sameTable && project.jobs.length > 0) await probe(prepared);
  const lines = new Map(wanted.map((one) => [one.job.id, one.lines]));
  const revision = install(store, { project, settings, lines, by, at });
  const problem = writeCopy(store, project.name);
  if (sameTable) return problem;
  try {
    const { table } = prepared.place;
    const reason = `sync of ${project.name}, revision ${revision}`;
    keepSnapshot(store, { target: table.label, takenAt: at, takenBy: by, reason, content: before });
    // A file without jobs says that nothing of ours is to stay.
    await table.write(nextTable, { expected: before, allowEmpty: project.jobs.length === 0 });
    return problem;
  } catch (error) {
    if (revision !== prepared.current) withdraw(store, revision);
    writeCopy(store, project.name);
    throw error;
  }
}

async function probe({ project, place: { launcher }, before }: Prepared): Promise<void> {
  const result = await probeLines(launcher, before, project.name);
  if (result.ok) return;
  const hint = 'see that a Node.js 22.18 or later is where cron finds it, such as /usr/local/bin/node';
  throw new UserError(`cron could not start the jobs: ${result.problem}`, `${hint}; nothing was changed`);
}
