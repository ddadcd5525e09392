import { statfsSync } from 'node:fs';
import { errorMessage } from '../../errors.ts';
import { lastBeat } from '../../store/beats.ts';
import { outboxState } from '../../store/outbox.ts';
import { integrityProblems, type Store } from '../../store/store.ts';
import { bad, doubtful, fine, type HealthFinding } from './finding.ts';

const minute = 60_000;

/** File systems that other machines write to as well (statfs(2)); SQLite's locks cannot be relied on there. */
const networkFileSystems: Readonly<Record<number, string>> = {
  26985: 'NFS',
  20859: 'SMB',
  4283649346: 'CIFS',
  4266872130: 'SMB2',
  12805120: 'Ceph',
  1397113167: 'AFS',
};

/** Whether the database is whole and lies where it is safe. */
export function soundStore(store: Store): HealthFinding {
  const network = networkFileSystems[statfsSync(store.directory).type];
  if (network !== undefined) {
    const message = `the state directory ${store.directory} is on ${network}, where the database can be damaged`;
    return bad('store', message, 'choose a local directory with --state or CRONWRIGHT_STATE');
  }
  try {
    const [problem] = integrityProblems(store);
    if (problem === undefined) return fine('store', `the database in ${store.directory} is whole`);
    return bad('store', `the database in ${store.directory} is damaged: ${problem}`, 'restore it from a backup');
  } catch (error) {
    return bad('store', errorMessage(error), 'restore it from a backup');
  }
}

/** Minutes. A tick waits for the full minute, and a busy machine starts it late. */
const latestTick = 3;

/**
 * Whether something starts the tick each minute, which shows that cron works from end to end.
 * @param since when the tick was installed, UTC milliseconds.
 */
export function recentTick(store: Store, now: number, since: number): HealthFinding {
  const last = lastBeat(store, 'tick');
  const minutes = Math.floor((now - (last ?? since)) / minute);
  if (minutes < latestTick) {
    if (last !== undefined) return fine('tick', `cron started the tick within the last ${latestTick} minutes`);
    return doubtful('tick', 'no tick has come yet; the first is due within a minute of sync', 'look again in a minute');
  }
  const remedy = 'see whether cron runs, and what it writes to the system log';
  if (last === undefined) return bad('tick', `no tick has come since sync, ${minutes} minutes ago`, remedy);
  return bad('tick', `the last tick was ${minutes} minutes ago, so cron did not start it since`, remedy);
}

/** How long a mail that was given up is worth a word: tries go on for three days, and people are away for a week. */
const remembered = 10 * 24 * 60 * minute;

/** Whether mail gets out. */
export function flowingMail(store: Store, now: number): HealthFinding {
  const { waiting, givenUp, lastError } = outboxState(store, now - remembered);
  if (waiting + givenUp === 0) return fine('mail', 'no mail waits to be sent');
  const error = lastError === null ? '' : `; the last try failed: ${lastError}`;
  const message = `mails that wait to be sent: ${waiting}, given up: ${givenUp}${error}`;
  return givenUp > 0 || lastError !== null
    ? bad('mail', message, 'see mail: in the jobs file and the mail server')
    : doubtful('mail', message, 'the next tick sends them');
}
