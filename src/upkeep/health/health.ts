import type { Clock } from '../../clock.ts';
import { tableOf } from '../../install/prepare.ts';
import { latestRevisions } from '../../store/registry.ts';
import type { Store } from '../../store/store.ts';
import { cronDaemon, crontabProgram } from './cron.ts';
import { doubtful, type HealthFinding } from './finding.ts';
import { flowingMail, recentTick, soundStore } from './store.ts';
import { startableLauncher, tableAsInstalled } from './table.ts';

/** Everything that has to be right for the jobs to run, looked at one by one. */
export async function examine(store: Store | undefined, clock: Clock): Promise<readonly HealthFinding[]> {
  const revisions = store ? latestRevisions(store) : [];
  const inFiles = revisions.length > 0 && revisions.every(({ settings }) => settings.target !== 'user');
  const cron = inFiles ? [] : [await crontabProgram(tableOf('user')), cronDaemon()];
  if (!store || revisions.length === 0) {
    return [...cron, doubtful('jobs', 'no jobs are installed', 'cronwright sync installs those of a jobs file')];
  }
  const [first] = revisions;
  const tables = await Promise.all(revisions.map((revision) => tableAsInstalled(store, revision)));
  return [
    ...cron,
    ...(first ? [await startableLauncher(first)] : []),
    ...tables,
    soundStore(store),
    recentTick(store, clock.now()),
    flowingMail(store),
  ];
}
