import { blockLines, readTableText } from '../../crontab/block.ts';
import { drifts } from '../../crontab/drift.ts';
import { errorMessage } from '../../errors.ts';
import { tableOf } from '../../install/prepare.ts';
import type { JobId, JobName } from '../../job/job.ts';
import { installedLines, latestRevision } from '../../store/registry.ts';
import type { Store } from '../../store/store.ts';

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
  const target = latestRevision(store, project)?.settings.target ?? 'user';
  try {
    const found = blockLines(readTableText(await tableOf(target).read()), project);
    const lines = installedLines(store, project);
    const wanted = [...lines.values()].flat();
    const kinds = new Map(drifts(wanted, found ?? []).map(({ job, kind }) => [job, kind]));
    return (job) => {
      const kind = kinds.get(job);
      if (found === undefined) return `the lines of ${project} are no longer in the crontab`;
      if (kind === 'deleted') return 'its line is no longer in the crontab';
      return kind === 'edited' ? 'its line in the crontab was edited' : nothingStarted;
    };
  } catch (error) {
    return () => `cron started nothing, and the crontab cannot be read: ${errorMessage(error)}`;
  }
}
