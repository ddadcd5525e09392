import type { Clock } from '../clock.ts';
import type { Cron } from '../crontab/cron/cron.ts';
import { recogniseCron } from '../crontab/cron/recognise.ts';
import type { JobName } from '../job/job.ts';
import { latestRevision } from '../store/registry.ts';
import type { Store } from '../store/store.ts';
import { type Place, placeOf } from './place.ts';

/** What decides where a project goes, apart from the cron here. */
export interface AskedInstall {
  readonly project: JobName;
  /** What `--target` says. */
  readonly target: string | undefined;
  /** Absolute path of the program that the lines start. */
  readonly launcher: string;
  /** Absolute path of the state directory. */
  readonly state: string;
  readonly clock: Clock;
}

/** Where a project is to be installed: where it is already, unless another place is asked for. */
export async function placeIn(store: Store | undefined, asked: AskedInstall): Promise<Place> {
  const place = placeFor(store, asked);
  // Nobody knows which cron reads a file, so its lines are for all of them.
  if (place.target.startsWith('file:')) return place;
  return placeFor(store, asked, await recogniseCron());
}

/** The same, as long as it does not matter which cron reads the lines. */
export function placeFor(
  store: Store | undefined,
  { project, target, launcher, state, clock }: AskedInstall,
  cron?: Cron,
): Place {
  const installed = store && latestRevision(store, project)?.settings.target;
  return placeOf({ target, installed, project, launcherPath: launcher, state, at: clock.now(), cron });
}
