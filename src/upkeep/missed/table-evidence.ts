import type { DriftKind } from '../../crontab/drift.ts';
import { errorMessage } from '../../errors.ts';
import { tableOf } from '../../install/place.ts';
import type { JobId, JobName } from '../../job/job.ts';
import { latestRevisions } from '../../store/registry.ts';
import type { Store } from '../../store/store.ts';
import { driftOfProject } from '../drift/of-projects.ts';

/** Says of a job, whose slots passed while ticks came, what its table has to do with it. */
export type TableEvidence = (job: JobId, project: JobName) => Promise<string>;

/** Reads each project's table once, when it is first asked for. */
export function tableEvidence(store: Store): TableEvidence {
  const read = new Map<JobName, Promise<(job: JobId) => string>>();
  return async (job, project) => {
    const words = read.get(project) ?? readEvidence(store, project);
    read.set(project, words);
    return (await words)(job);
  };
}

const nothingStarted =
  'cron started nothing although its line is there; perhaps it could not start the launcher (cronwright doctor)';

async function readEvidence(store: Store, project: JobName): Promise<(job: JobId) => string> {
  const all = latestRevisions(store);
  const revision = all.find((one) => one.project === project);
  if (revision === undefined) return () => nothingStarted;
  try {
    const table = await tableOf(revision.settings.target).read();
    const { drift } = driftOfProject(store, revision, { all, table });
    const isLost = drift.some(({ kind }) => kind === 'block-gone' || kind === 'table-replaced');
    const kinds = new Map(drift.map(({ job, kind }) => [job, kind]));
    return (job) => (isLost ? `the lines of ${project} are no longer in the crontab` : words(kinds.get(job)));
  } catch (error) {
    return () => `cron started nothing, and the crontab cannot be read: ${errorMessage(error)}`;
  }
}

/** A line that was only moved, or is there twice, is one that cron starts. */
function words(kind: DriftKind | undefined): string {
  if (kind === 'deleted') return 'its line is no longer in the crontab';
  if (kind === 'commented-out') return 'its line in the crontab was commented out';
  return kind === 'edited' ? 'its line in the crontab was edited' : nothingStarted;
}
