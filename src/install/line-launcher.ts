import type { Launcher } from '../crontab/line.ts';
import { ownAccount } from '../job/account.ts';
import { defaultStateDirectory } from '../store/state.ts';

/**
 * How a line starts cronwright. The state directory stands in the line only where cron's environment would lead to
 * another: it has no XDG_STATE_HOME, and its HOME is the one of the user database, whatever sudo left in ours.
 */
export function lineLauncher(path: string, state: string): Launcher {
  const underCron = defaultStateDirectory({ HOME: ownAccount().home });
  return { path, state: state === underCron ? undefined : state };
}
