import type { Clock } from '../../clock.ts';
import { recogniseCron } from '../../crontab/cron/recognise.ts';
import type { UserError } from '../../errors.ts';
import { ownAccount } from '../../job/account.ts';
import type { Variables } from '../../job/environment.ts';
import { hostZone } from '../../schedule/zone/zone.ts';
import { installedJobs, latestRevisions, type Revision } from '../../store/registry.ts';
import type { Store } from '../../store/store.ts';
import { accountsOfJobs } from './accounts.ts';
import { keptClock, newestRecord, saneClock } from './clock.ts';
import { roomOnDisk } from './disk.ts';
import { environmentsOf, wrapperVariables } from './environment.ts';
import { bad, doubtful, type GroupedFinding, type HealthFinding, inOrder } from './finding.ts';
import { type HostCron, hostFindings } from './host.ts';
import { jobsFileAsInstalled } from './jobs-file.ts';
import { flowingMail, mailSettings } from './mail.ts';
import { lastingRuntime, runtimeOf } from './runtime.ts';
import { privateState } from './state.ts';
import { soundStore } from './store.ts';
import { startableLauncher, tableAsInstalled } from './table.ts';
import { nothingToTry, triedMail } from './test-mail.ts';
import { recentTick } from './tick.ts';
import { trustedParts } from './trust.ts';
import { clockOfLines } from './zone.ts';

/** What is examined, and with what. */
export interface Examination {
  /** Undefined where nothing was ever installed; or why the database cannot be used. */
  readonly store: Store | UserError | undefined;
  /** Absolute path of the state directory. */
  readonly state: string;
  readonly clock: Clock;
  readonly environment: Variables;
  /** The name of this machine. */
  readonly host: string;
  /** To whom a test mail is sent; nobody if not given. */
  readonly testMail?:
    | { /** Undefined: whoever each project names. */ readonly address: string | undefined }
    | undefined;
}

/**
 * Everything that has to be right for the jobs to run and for people to hear of them, looked at one by one. Nothing is
 * changed; only a test mail leaves, where one is asked for.
 */
export async function examine(examination: Examination): Promise<readonly GroupedFinding[]> {
  return inOrder((await findingsOf(examination)).filter((finding) => finding !== undefined));
}

type Findings = readonly (HealthFinding | undefined)[];

async function findingsOf(examination: Examination): Promise<Findings> {
  const { store, state, clock, testMail } = examination;
  const around = [privateState(state, ownAccount().uid), roomOnDisk(state), await keptClock()];
  const now = clock.now();
  if (store === undefined || !('db' in store)) {
    const untried = testMail === undefined ? [] : [nothingToTry];
    return [...around, ...(await hostAlone()), withoutStore(store), saneClock(now, undefined), ...untried];
  }
  const database = soundStore(store);
  try {
    return [...around, ...(await storeFindings(examination, store)), database];
  } catch (error) {
    if (database.state === 'ok') throw error;
    return [...around, ...(await hostAlone()), database, saneClock(now, undefined)];
  }
}

const nothingInstalled = doubtful('jobs', 'no jobs are installed', 'cronwright sync installs those of a jobs file');

function withoutStore(store: UserError | undefined): HealthFinding {
  return store === undefined ? nothingInstalled : bad('store', store.message, store.hint ?? 'restore it from a backup');
}

async function hostCron(revisions: readonly Revision[]): Promise<HostCron> {
  return { cron: await recogniseCron(), account: ownAccount(), revisions };
}

async function hostAlone(): Promise<Findings> {
  return hostFindings(undefined, await hostCron([]));
}

async function storeFindings(examination: Examination, store: Store): Promise<Findings> {
  const now = examination.clock.now();
  const clock = saneClock(now, newestRecord(store));
  const revisions = latestRevisions(store);
  const [first] = revisions;
  if (first === undefined) return [...(await hostAlone()), nothingInstalled, clock];
  const cron = await hostCron(revisions);
  const compared = { all: revisions, host: { zone: hostZone(), at: now } };
  const inFiles = revisions.every(({ settings }) => settings.target.startsWith('file:'));
  const projects = await Promise.all(revisions.map((one) => projectFindings(examination, store, { one, cron })));
  return [
    ...(inFiles ? [] : await hostFindings(store, cron)),
    await startableLauncher(first),
    ...(await Promise.all(revisions.map((revision) => tableAsInstalled(store, revision, compared)))),
    ...(await clockOfLines(compared, inFiles ? undefined : '/proc')),
    recentTick(store, now, Math.min(...revisions.map(({ createdAt }) => createdAt))),
    ...accountsOfJobs(
      installedJobs(store).map(({ job }) => job),
      cron.account,
    ),
    ...once(projects.flat()),
    flowingMail(store, now),
    ...untried(examination, revisions),
    clock,
  ];
}

/** Projects that have something in common, such as the launcher, have its finding in common. */
function once(findings: Findings): Findings {
  return [...new Map(findings.map((finding) => [`${finding?.check} ${finding?.message}`, finding])).values()];
}

function untried({ testMail }: Examination, revisions: readonly Revision[]): Findings {
  const isTried = testMail === undefined || revisions.some(({ settings }) => settings.mail !== undefined);
  return isTried ? [] : [nothingToTry];
}

interface ProjectOfHost {
  readonly one: Revision;
  readonly cron: HostCron;
}

async function projectFindings(
  examination: Examination,
  store: Store,
  { one, cron }: ProjectOfHost,
): Promise<Findings> {
  const { environment, testMail, host, clock } = examination;
  const { account } = cron;
  const variables = await wrapperVariables(store, one, { account, variables: environment });
  const jobs = installedJobs(store, one.project).map(({ job }) => job);
  const { launcher } = one.settings;
  return [
    trustedParts(one),
    ...lastingRuntime(launcher, await runtimeOf(launcher, variables)),
    ...environmentsOf(jobs, { account, variables }),
    jobsFileAsInstalled(store, one),
    mailSettings(one, { variables, user: account.user, cron: cron.cron }),
    testMail && (await triedMail(one, variables, { address: testMail.address, host, at: clock.now() })),
  ];
}
