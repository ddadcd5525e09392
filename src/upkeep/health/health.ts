import type { Clock } from '../../clock.ts';
import { tableOf } from '../../install/prepare.ts';
import { latestRevisions } from '../../store/registry.ts';
import type { Store } from '../../store/store.ts';
import { cronDaemon, crontabProgram } from './cron.ts';
import { doubtful, type HealthFinding } from './finding.ts';
import { flowingMail, recentTick, soundStore } from './store.ts';
import { startableLauncher, tableAsInstalled } from './table.ts';

const nothingInstalled = doubtful('jobs', 'no jobs are installed', 'cronwright sync installs those of a jobs file');

/** Everything that has to be right for the jobs to run, looked at one by one. */
export async function examine(store: Store | undefined, clock: Clock): Promise<readonly HealthFinding[]> {
  if (store === undefined) return [...(await cronFindings()), nothingInstalled];
  const database = soundStore(store);
  try {
    return [...(await jobFindings(store, clock.now())), database];
  } catch (error) {
    if (database.state === 'ok') throw error;
    return [...(await cronFindings()), database];
  }
}

async function cronFindings(): Promise<readonly HealthFinding[]> {
  return [await crontabProgram(tableOf('user')), cronDaemon()];
}

async function jobFindings(store: Store, now: number): Promise<readonly HealthFinding[]> {
  const revisions = latestRevisions(store);
  const [first] = revisions;
  if (first === undefined) return [...(await cronFindings()), nothingInstalled];
  const inFiles = revisions.every(({ settings }) => settings.target !== 'user');
  return [
    ...(inFiles ? [] : await cronFindings()),
    await startableLauncher(first),
    ...(await Promise.all(revisions.map((revision) => tableAsInstalled(store, revision, revisions)))),
    recentTick(store, now, Math.min(...revisions.map(({ createdAt }) => createdAt))),
    flowingMail(store, now),
  ];
}
