import { type Account, accountOf } from '../job/account.ts';
import type { Job } from '../job/job.ts';
import { type JobTask, tasksOfJob } from '../run/tree.ts';

/**
 * The processes that runs of a job have started, for when the database cannot tell what goes on: those of the wrapper's
 * own account, and of the one that the job names.
 */
export function tasksGoingOn({ id, user }: Job, own: Account): readonly JobTask[] {
  const named = user === '' ? undefined : accountOf(user);
  return tasksOfJob(id, named === undefined ? [own.uid] : [own.uid, named.uid]);
}
