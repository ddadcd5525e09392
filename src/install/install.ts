import type { Clock } from '../clock.ts';
import { TableChanged } from '../crontab/table.ts';
import type { Variables } from '../job/environment.ts';
import type { Project } from '../job/job.ts';
import type { Sources } from '../job/load.ts';
import { ensureCopy } from '../store/copy.ts';
import { latestRevision } from '../store/registry.ts';
import { type Lock, openStore, openStoreIfAny, type Store, withLock } from '../store/store.ts';
import { StoreTrouble } from '../store/trouble.ts';
import { unfinishedTables } from '../store/unfinished.ts';
import { apply } from './apply.ts';
import { agrees, type Consent, losses, lossesDigest, withoutOwn } from './consent.ts';
import { lockOf } from './place.ts';
import { placeFor, placeIn } from './place-in.ts';
import { type Prepared, prepare } from './prepare.ts';
import { replacedByTable } from './replaced-tables.ts';
import { distrustedBy } from './trust.ts';
import { noteInstalled } from './unchanged.ts';

/** A project that is to be installed, where, and on whose word. */
export interface InstallRequest {
  readonly project: Project;
  /** What `--target` names; undefined for where the project is installed already, or else the user's crontab. */
  readonly target: string | undefined;
  /** What the project was read from; undefined where it comes from the registry. */
  readonly sources?: Sources | undefined;
  /** Absolute path of the state directory. */
  readonly state: string;
  /** Absolute path of the program that cron is to start. */
  readonly launcher: string;
  /** Of cronwright. */
  readonly version: string;
  readonly environment: Variables;
  readonly clock: Clock;
  readonly by: string;
  readonly consent: Consent;
  /** What for, in words before `of shop, revision 3`; `sync` if not given. */
  readonly verb?: string | undefined;
  /** Throws where what was prepared is not what is wanted. */
  readonly check?: ((prepared: Prepared) => void) | undefined;
}

/** What came of it. */
export interface Installed {
  /** `nothing`: all was as it should be. `declined`: somebody was asked, and said no. */
  readonly kind: 'installed' | 'nothing' | 'declined';
  readonly prepared: Prepared;
  /** Whether somebody was shown the plan, and asked. */
  readonly asked: boolean;
  /** What went wrong without harm, in words. */
  readonly problem: string | undefined;
}

/** How often tables are read again that others change at the same time. */
const mostTries = 3;

/**
 * Installs a project: from reading the tables to writing them no other cronwright comes between, and what somebody else
 * changes meanwhile is read again. Questions are asked without the lock, so that nobody waits for a person.
 * @throws UserError where it cannot be done, or would need consent and nobody is there to be asked; nothing is changed
 * then.
 */
export async function installProject(request: InstallRequest): Promise<Installed> {
  const { consent } = request;
  let agreed: string | undefined;
  for (let tries = 1; ; ) {
    const attempt = await attemptUnderLock(request, agreed);
    if (attempt.kind === 'asks') {
      const { prepared } = attempt;
      if (!(await agrees(prepared.plan, consent))) {
        return { kind: 'declined', prepared, asked: true, problem: undefined };
      }
      agreed = lossesDigest(prepared.plan);
    } else if (attempt.kind !== 'overtaken') return { ...attempt, asked: agreed !== undefined };
    else if (tries >= mostTries) throw attempt.error;
    else tries += 1;
  }
}

type Attempt =
  | Omit<Installed, 'asked'>
  | { readonly kind: 'asks'; readonly prepared: Prepared }
  | { readonly kind: 'overtaken'; readonly error: TableChanged };

/** @param agreed what was agreed to, by its digest. */
async function attemptUnderLock(request: InstallRequest, agreed: string | undefined): Promise<Attempt> {
  return withLocks(locksOf(request), async () => {
    const store = openStore(request.state);
    try {
      return await attempt(store, request, agreed);
    } catch (error) {
      if (error instanceof TableChanged) return { kind: 'overtaken', error };
      throw error;
    } finally {
      store.close();
    }
  });
}

async function attempt(store: Store, request: InstallRequest, agreed: string | undefined): Promise<Attempt> {
  const { project, consent } = request;
  const place = await placeIn(store, { ...request, project: project.name });
  const files = [...(request.sources?.contents.keys() ?? [])];
  const what = { target: place.target, takesFrom: replacedByTable(project.replaces, place).keys(), sources: files };
  const distrust = project.jobs.length > 0 ? distrustedBy({ ...request, ...what }) : undefined;
  if (distrust !== undefined) throw distrust;
  const prepared = await prepare(store, project, place);
  request.check?.(prepared);
  if (!prepared.hasChanges) {
    note(store, request, prepared);
    return { kind: 'nothing', prepared, problem: ensureCopy(store, project.name) };
  }
  const isAgreed = consent.yes || losses(withoutOwn(prepared)).length === 0 || lossesDigest(prepared.plan) === agreed;
  if (!isAgreed) return { kind: 'asks', prepared };
  const problem = await apply(store, prepared, request);
  note(store, request, prepared);
  return { kind: 'installed', prepared, problem };
}

function note(store: Store, { sources, version }: InstallRequest, prepared: Prepared): void {
  if (sources === undefined) return;
  try {
    noteInstalled(store, sources, prepared, version);
  } catch (error) {
    // All is installed, and without the note the next sync only takes longer.
    if (!(error instanceof StoreTrouble)) throw error;
  }
}

/** The locks of all tables that may be written, always in the same order: two that wait for each other wait for ever. */
function locksOf(request: InstallRequest): readonly Lock[] {
  const { project, state, environment } = request;
  const store = openStoreIfAny(state);
  try {
    const place = placeFor(store, { ...request, project: project.name });
    const latest = store && latestRevision(store, project.name);
    const unfinished = store && latest ? unfinishedTables(store, latest.id) : [];
    const targets = new Set([
      place.target,
      ...(latest ? [latest.settings.target] : []),
      ...unfinished.map((one) => one.target),
      ...replacedByTable(project.replaces, place).keys(),
    ]);
    const locks = [...targets].map((target) => lockOf(target, state, environment));
    const own = { directory: state, name: `project-${project.name}` };
    return [own, ...locks].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  } finally {
    store?.close();
  }
}

function keyOf({ directory, name }: Lock): string {
  return `${directory}/${name}`;
}

function withLocks<T>(locks: readonly Lock[], work: () => Promise<T>): Promise<T> {
  const [lock, ...rest] = locks;
  return lock === undefined ? work() : withLock(lock, () => withLocks(rest, work));
}
