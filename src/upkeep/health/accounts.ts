import { type Account, accountOf } from '../../job/account.ts';
import type { Job } from '../../job/job.ts';
import { setprivPath } from '../../run/become.ts';
import { bad, fine, type HealthFinding } from './finding.ts';
import { fewOf } from './names.ts';

/** Whether the accounts of `user:` are there, and can be become. */
export function accountsOfJobs(jobs: readonly Job[], own: Account): readonly HealthFinding[] {
  const users = [...new Set(jobs.map(({ user }) => user))].filter((user) => user !== '').sort();
  if (users.length === 0) return [];
  const gone = users.filter((user) => accountOf(user) === undefined);
  const others = users.filter((user) => user !== own.user && !gone.includes(user));
  const found = [...gone.map((user) => missing(user, jobs)), ...becoming(others, own)];
  return found.length > 0
    ? found
    : [fine('accounts', `the accounts that jobs run under are there: ${users.join(', ')}`)];
}

function missing(user: string, jobs: readonly Job[]): HealthFinding {
  const names = fewOf(jobs.filter((job) => job.user === user).map(({ id }) => id));
  return bad(
    'accounts',
    `there is no account ${user}, so these do not start: ${names}`,
    `see getent passwd ${user}, and user: in the jobs file`,
  );
}

function becoming(others: readonly string[], { uid, user }: Account): readonly HealthFinding[] {
  if (others.length === 0) return [];
  if (uid !== 0) {
    const message = `jobs are to run under ${others.join(', ')}, and only root could start them so, not ${user}`;
    return [bad('accounts', message, 'remove user:, or install them as root')];
  }
  if (setprivPath() !== undefined) return [];
  const message = `setpriv is not there, which starts the jobs of ${others.join(', ')}`;
  return [bad('accounts', message, 'install util-linux, which brings setpriv')];
}
