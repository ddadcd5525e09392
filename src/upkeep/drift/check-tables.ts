import type { Survey } from '../../crontab/survey.ts';
import { UserError } from '../../errors.ts';
import { tableOf } from '../../install/place.ts';
import { latestRevisions, type Revision } from '../../store/registry.ts';
import type { Store } from '../../store/store.ts';
import { driftOfProject } from './of-projects.ts';

/** What became of a project in its table, or why that cannot be told. */
export interface CheckedProject {
  readonly revision: Revision;
  readonly result: Survey | UserError;
}

/** Compares the tables of projects with what was installed in them. Each is read once. */
export async function checkTables(store: Store, revisions: readonly Revision[]): Promise<readonly CheckedProject[]> {
  const all = latestRevisions(store);
  const targets = [...new Set(revisions.map(({ settings }) => settings.target))];
  const tables = new Map(await Promise.all(targets.map(async (target) => [target, await readTable(target)] as const)));
  return revisions.map((revision) => {
    const table = tables.get(revision.settings.target) ?? Buffer.alloc(0);
    return { revision, result: table instanceof UserError ? table : driftOfProject(store, revision, { all, table }) };
  });
}

async function readTable(target: string): Promise<Buffer | UserError> {
  try {
    return await tableOf(target).read();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}
