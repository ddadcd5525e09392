import type { Clock } from '../clock.ts';
import { errorMessage, UserError } from '../errors.ts';
import { writeCopy } from '../store/copy.ts';
import { install, withdraw } from '../store/registry.ts';
import { type Store, together } from '../store/store.ts';
import { forgetTaken, noteTaken } from '../store/taken.ts';
import { StoreTrouble } from '../store/trouble.ts';
import { lastWritten, noteWritten } from '../store/written.ts';
import { keepTable } from './keep-table.ts';
import type { Prepared } from './prepare.ts';
import { probeLines } from './probe.ts';
import { quietMoment } from './quiet-moment.ts';
import type { TableChange } from './table-change.ts';

/** Who applies a plan, and by which clock. */
export interface Applying {
  readonly by: string;
  readonly clock: Clock;
  /** What for, in words before `of shop, revision 3`; `sync` if not given. */
  readonly verb?: string | undefined;
}

/**
 * Does what was planned: stores the jobs as a revision, then writes the tables. If one of them cannot be written, the
 * revision is withdrawn, and what was written is put back, so that what is listed as installed is what cron starts.
 * @returns why there is no plain copy of the jobs, in words; undefined where all is well.
 * @throws UserError when cron could not start the launcher, or a table cannot be written; nothing is changed then.
 */
export async function apply(store: Store, prepared: Prepared, applying: Applying): Promise<string | undefined> {
  const { plan, project, settings, wanted, moved, changes } = prepared;
  const { by, clock } = applying;
  if (changes[0]?.target === prepared.place.target && project.jobs.length > 0) await probe(prepared);
  if (needsQuiet(prepared)) await quietMoment(clock);
  const lines = new Map(wanted.map((one) => [one.job.id, one.lines]));
  // As one: of what is killed from here on it is known which tables it was about to write.
  const writing = together(store, (): Writing => {
    const revision = install(store, { project, settings, lines, moved, by, at: clock.now() });
    const reason = `${applying.verb ?? 'sync'} of ${project.name}, revision ${revision}`;
    const kept = new Map(
      changes.map((change) => [change.target, keep(store, change, { ...applying, reason, revision })]),
    );
    const taken = plan.replaced.map((line) => ({ ...line, snapshot: kept.get(line.target) ?? null }));
    noteTaken(store, taken);
    return { ...applying, reason, revision, kept };
  });
  const problem = writeCopy(store, project.name);
  try {
    await writeTables(store, prepared, writing);
    return problem;
  } catch (error) {
    throw withdrawn(store, prepared, { error, writing });
  }
}

/** The error with which the tables were not written, once the revision is taken back. */
function withdrawn(store: Store, { project, moved, current }: Prepared, { error, writing }: Failure): unknown {
  try {
    together(store, () => {
      if (writing.revision !== current) withdraw(store, writing.revision, moved);
      forgetTaken(store, [...writing.kept.values()]);
    });
    writeCopy(store, project.name);
    return error;
  } catch (second) {
    const message = `${errorMessage(error)}; and revision ${writing.revision} stays in the registry: ${errorMessage(second)}`;
    return new UserError(message, 'put that right, then cronwright sync');
  }
}

/** A job that moves from one table, or one name, to another must be in force in the same minute in which it was. */
function needsQuiet({ changes, moved }: Prepared): boolean {
  return changes.length > 1 || moved.length > 0;
}

async function probe({ project, place: { launcher, target }, before }: Prepared): Promise<void> {
  const result = await probeLines(launcher, { target, bytes: before }, project.name);
  if (result.ok) return;
  const hint = 'see that a Node.js 22.18 or later is where cron finds it, such as /usr/local/bin/node';
  throw new UserError(`cron could not start the jobs: ${result.problem}`, `${hint}; nothing was changed`);
}

/** What a write is for. */
interface Writing extends Applying {
  readonly reason: string;
  readonly revision: number;
  /** The snapshots of the tables as they were, by their targets. */
  readonly kept: ReadonlyMap<string, number>;
}

/** Why a write went wrong. */
interface Failure {
  readonly error: unknown;
  readonly writing: Writing;
}

/** The new table first: for a moment a job stands in two, and between two full minutes no cron reads either. */
async function writeTables(store: Store, prepared: Prepared, writing: Writing): Promise<void> {
  const done: TableChange[] = [];
  for (const change of prepared.changes) {
    try {
      // A file without jobs says that nothing of ours is to stay; out of other tables things are only taken.
      const mayEmpty = change.target !== prepared.place.target || prepared.project.jobs.length === 0;
      await writeOne(store, change, { ...writing, mayEmpty });
      done.push(change);
    } catch (error) {
      throw done.length === 0 ? error : await withPutBack(store, done, { error, writing });
    }
  }
}

function keep(
  store: Store,
  { target, before }: TableChange,
  { clock, by, reason, revision }: Omit<Writing, 'kept'>,
): number {
  return keepTable(store, { target, takenAt: clock.now(), takenBy: by, reason, revision, content: before });
}

async function writeOne(
  store: Store,
  { table, target, before, next }: TableChange,
  { clock, mayEmpty }: Writing & { readonly mayEmpty: boolean },
): Promise<void> {
  const lastWrite = lastWritten(store, target)?.at;
  await table.write(next, { expected: before, allowEmpty: mayEmpty, lastWrite });
  try {
    noteWritten(store, target, next, clock.now());
  } catch (error) {
    // The table is as it is to be, and without the note drift only knows less of it.
    if (!(error instanceof StoreTrouble)) throw error;
  }
}

/** The error with which one table was not written, once those that were are as they have been. */
async function withPutBack(store: Store, done: readonly TableChange[], { error, writing }: Failure): Promise<unknown> {
  try {
    for (const change of done.toReversed()) {
      const back = { ...change, before: change.next, next: change.before };
      keep(store, back, { ...writing, reason: `${writing.reason}, put back` });
      await writeOne(store, back, { ...writing, mayEmpty: true });
    }
    return error;
  } catch (second) {
    const targets = done.map(({ target }) => target).join(', ');
    return new UserError(
      `${errorMessage(error)}; and what was written before could not be put back: ${errorMessage(second)}`,
      `look at the table of target ${targets}; cronwright snapshots has it as it was`,
    );
  }
}
