import { type Account, accountOf } from '../job/account.ts';
import { failure } from './not-started.ts';
import type { NotStarted } from './outcome.ts';

/**
 * The account that the task of a job with this `user` has to become: undefined where it is the wrapper's own, as it is
 * for the empty name; an end where it cannot be had.
 */
export function identityOf(user: string, own: Account): Account | undefined | NotStarted {
  if (user === '' || user === own.user) return undefined;
  if (process.geteuid?.() !== 0) return failure('other', `only root can run a task as ${user}`);
  return accountOf(user) ?? failure('unknown-user', `there is no user ${user}`);
}
