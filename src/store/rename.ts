import { UserError } from '../errors.ts';
import type { JobId, Moved, Project } from '../job/job.ts';
import type { Connection } from './sqlite.ts';
import type { Store } from './store.ts';

/**
 * The moves of a project that are to be made: of jobs that have a history under their old names. One that was made
 * already stays in the file and means nothing.
 * @throws UserError where the new name has a history of its own: two histories do not become one.
 */
export function effectiveMoves(store: Store, { moved, jobs }: Pick<Project, 'moved' | 'jobs'>): readonly Moved[] {
  const names = new Set(jobs.map(({ id }) => id));
  const effective = moved
    .map(({ from }): Moved => ({ from, to: lastName(from, moved) }))
    .filter(({ from, to }) => names.has(to) && isKnown(store, from));
  const targets = new Map<JobId, JobId>();
  for (const { from, to } of effective) {
    const other = targets.get(to);
    if (other !== undefined) throw refusal({ from, to }, `so does ${other}`);
    if (names.has(from)) throw refusal({ from, to }, `${from} is still in the file`);
    if (isKnown(store, to)) throw refusal({ from, to }, `${to} has a history of its own`);
    targets.set(to, from);
  }
  return effective;
}

/** What a name has become by way of several moves. */
function lastName(from: JobId, moved: readonly Moved[]): JobId {
  const names = new Map(moved.map((one) => [one.from, one.to]));
  let name = from;
  for (let steps = 0; steps <= moved.length; steps += 1) name = names.get(name) ?? name;
  return name;
}

function refusal({ from, to }: Moved, reason: string): UserError {
  return new UserError(
    `moved: gives ${from} the name ${to}, and ${reason}`,
    'take the line out of moved:, or give the job another name',
  );
}

function isKnown({ db }: Store, id: JobId): boolean {
  const sql = 'SELECT 1 WHERE EXISTS (SELECT 1 FROM job WHERE id = ?) OR EXISTS (SELECT 1 FROM run WHERE job = ?)';
  return db.get(sql, id, id) !== undefined;
}

/** Gives jobs other names in everything that is remembered of them; it belongs to the transaction of a revision. */
export function renameJobs({ db }: Pick<Store, 'db'>, moved: readonly Moved[]): void {
  for (const one of moved) rename(db, one);
}

/** The same backwards. */
export function renameBack(store: Pick<Store, 'db'>, moved: readonly Moved[]): void {
  renameJobs(
    store,
    moved.map(({ from, to }) => ({ from: to, to: from })),
  );
}

function rename(db: Connection, { from, to }: Moved): void {
  const spec = "json_set(spec, '$.id', ?, '$.name', ?)";
  db.run(`UPDATE job SET id = ?, spec = ${spec} WHERE id = ?`, to, to, bare(to), from);
  for (const table of ['run', 'due', 'owed', 'taken']) db.run(`UPDATE ${table} SET job = ? WHERE job = ?`, to, from);
  db.run("UPDATE pause SET name = ? WHERE scope = 'job' AND name = ?", to, from);
  // What was told of a slot is noted under the job's name, a full stop and more; the slash is the character behind that.
  const told = 'UPDATE outbox SET id = ? || substr(id, ?) WHERE id >= ? AND id < ?';
  db.run(told, to, from.length + 1, `${from}.`, `${from}/`);
}

function bare(id: JobId): string {
  return id.slice(id.indexOf('/') + 1);
}
