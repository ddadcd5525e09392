import type { Clock } from '../../clock.ts';
import { tableOf } from '../../install/prepare.ts';
import { hostZone } from '../../schedule/zone/zone.ts';
import { latestRevisions } from '../../store/registry.ts';
import type { Store } from '../../store/store.ts';
import { StoreTrouble } from '../../store/trouble.ts';
import { cronDaemon, crontabProgram } from './cron.ts';
import { bad, doubtful, type HealthFinding } from './finding.ts';
import { flowingMail, recentTick, soundStore } from './store.ts';
import { startableLauncher, tableAsInstalled } from './table.ts';
import { clockOfLines } from './zone.ts';

const nothingInstalled = doubtful('jobs', 'no jobs are installed', 'cronwright sync installs those of a jobs file');

/**
 * Everything that has to be right for the jobs to run, looked at one by one.
 * @param store undefined where nothing was ever installed, or why the database cannot be used.
 */
export async function examine(
  store: Store | StoreTrouble | undefined,
  clock: Clock,
): Promise<readonly HealthFinding[]> {
  if (store === undefined) return [...(await cronFindings()), nothingInstalled];
  if (store instanceof StoreTrouble) {
    return [...(await cronFindings()), bad('store', store.message, store.hint ?? 'restore it from a backup')];
  }
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
  const compared = { all: revisions, host: { zone: hostZone(), at: now } };
  const inFiles = revisions.every(({ settings }) => settings.target !== 'user');
  return [
    ...(inFiles ? [] : await cronFindings()),
    await startableLauncher(first),
    ...(await Promise.all(revisions.map((revision) => tableAsInstalled(store, revision, compared)))),
    ...(await clockOfLines(compared, inFiles ? undefined : '/proc')),
    recentTick(store, now, Math.min(...revisions.map(({ createdAt }) => createdAt))),
    flowingMail(store, now),
  ];
}
