import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Plan } from '../crontab/plan.ts';
import { errorCode, errorMessage, UserError } from '../errors.ts';
import { digestOf } from '../job/digest.ts';
import { modeText } from '../job/mode-text.ts';
import type { Prepared } from './prepare.ts';

const format = 'cronwright plan';
const version = 1;

/** What a plan was made from, and what comes of it; each part names itself, so that it can be said which is another now. */
interface Fingerprints {
  /** Of the project as the jobs file resolves to it. */
  readonly file: string;
  /** The revision that is in force; null before the first. */
  readonly registry: number | null;
  /** Absolute path of the state directory. */
  readonly state: string;
  /** How the lines start cronwright. */
  readonly launcher: string;
  /** The zone of the host. */
  readonly zone: string;
  /** The tables that change. */
  readonly tables: readonly TableFingerprint[];
  /** The table that is installed into, whether or not it changes. */
  readonly table: string;
}

interface TableFingerprint {
  readonly target: string;
  readonly before: string;
  readonly next: string;
}

/** A plan that was saved, to be carried out as it is or not at all. */
export interface SavedPlan {
  readonly format: typeof format;
  readonly version: typeof version;
  /** ISO 8601. */
  readonly madeAt: string;
  readonly by: string;
  readonly project: string;
  /** Absolute path of the jobs file. */
  readonly file: string;
  /** As it was asked for: root acts as another account for `user:NAME`. */
  readonly target: string;
  readonly fingerprints: Fingerprints;
  readonly plan: Plan;
}

/** Who saves a plan, and when; the state directory that it was made from. */
export interface Saving {
  readonly by: string;
  /** UTC milliseconds. */
  readonly at: number;
  readonly state: string;
  /** What `--target` says. */
  readonly target?: string | undefined;
}

/**
 * Writes a plan to a file that only its owner can read: it holds commands and variables.
 * @throws UserError when it cannot be written.
 */
export function savePlan(path: string, prepared: Prepared, { by, at, state, target }: Saving): void {
  const { project, place, plan } = prepared;
  const saved: SavedPlan = {
    format,
    version,
    madeAt: new Date(at).toISOString(),
    by,
    project: project.name,
    file: project.file,
    target: target ?? place.target,
    fingerprints: fingerprintsOf(prepared, state),
    plan,
  };
  try {
    writePrivately(path, `${JSON.stringify(saved, null, 2)}\n`);
  } catch (error) {
    const reason = errorCode(error) === 'ENOENT' ? `there is no folder ${dirname(path)}` : errorMessage(error);
    throw new UserError(`cannot save the plan in ${path}: ${reason}`, 'name a file where you may write');
  }
}

/** Under a new name first: what lies there may be open to others, or a link that somebody else put there. */
function writePrivately(path: string, text: string): void {
  const part = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    writeFileSync(part, text, { flag: 'wx', mode: 0o600 });
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

/** @throws UserError when there is no such file, or it holds no plan of this version. */
export function readPlan(path: string): SavedPlan {
  const saved = parsed(path, contentOf(path)) as Partial<SavedPlan> | null;
  if (saved?.format !== format) throw noPlan(path);
  if (saved.version === version) return saved as SavedPlan;
  throw new UserError(`${path} holds a plan of another version of cronwright`, hint);
}

const hint = 'cronwright plan --out FILE saves one';

function noPlan(path: string): UserError {
  const isJobsFile = /\.ya?ml$/.test(path);
  return new UserError(`${path} holds no plan`, isJobsFile ? `a jobs file goes behind --file: --file ${path}` : hint);
}

function contentOf(path: string): string {
  let file: number | undefined;
  try {
    // Without waiting for the other end of a pipe, which is refused below.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    refuseForeign(path, fstatSync(file));
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (errorCode(error) === 'ENOENT') throw new UserError(`there is no plan ${path}`, hint);
    throw new UserError(`cannot read the plan ${path}: ${errorMessage(error)}`, hint);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Far more than the plan of a table that any cron takes. */
const largest = 128 * 1024 * 1024;

/** A plan is consent, and says into which file what is to be written: nobody else may have put the words there. */
function refuseForeign(path: string, stat: Stats): void {
  if (!stat.isFile() || stat.size > largest) throw noPlan(path);
  const own = process.geteuid?.() ?? stat.uid;
  if (stat.uid !== own && stat.uid !== 0)
    throw new UserError(`the plan ${path} is not taken: it belongs to another account (uid ${stat.uid})`, hint);
  if ((stat.mode & 0o022) === 0) return;
  throw new UserError(`the plan ${path} is not taken: others may write to it (mode ${modeText(stat.mode)})`, hint);
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw noPlan(path);
  }
}

/**
 * Sees that what would be done now is exactly what was saved.
 * @throws UserError that names everything that has changed since.
 */
export function checkSaved(saved: SavedPlan, prepared: Prepared, state: string): void {
  const changes = changesSince(saved, fingerprintsOf(prepared, state), prepared);
  if (changes.length === 0) return;
  throw new UserError(
    `the plan of ${saved.madeAt.slice(0, 19)}Z cannot be carried out any more: ${changes.join('; ')}; nothing was changed`,
    'make a new one with cronwright plan --out FILE',
  );
}

function changesSince(
  { fingerprints: then, file }: SavedPlan,
  now: Fingerprints,
  { place }: Prepared,
): readonly string[] {
  const otherTables = [
    ...(then.table === now.table ? [] : [place.target]),
    ...then.tables.flatMap(({ target, before }) => {
      const other = now.tables.find((table) => table.target === target);
      return other === undefined || other.before === before || target === place.target ? [] : [target];
    }),
  ];
  const known = [
    ...(then.file === now.file ? [] : [`the jobs in ${file} have changed since`]),
    ...(then.registry === now.registry ? [] : [registryWords(now.registry)]),
    ...otherTables.map((target) => `the table of target ${target} has changed since`),
    ...(then.state === now.state ? [] : [`the state directory is ${now.state}, it was ${then.state}`]),
    ...(then.launcher === now.launcher ? [] : ['cronwright, or its state directory, lies elsewhere']),
    ...(then.zone === now.zone ? [] : [`the zone of the host is ${now.zone}, it was ${then.zone}`]),
  ];
  if (known.length > 0 || JSON.stringify(then.tables) === JSON.stringify(now.tables)) return known;
  return ['what is to be written is something else by now'];
}

function registryWords(revision: number | null): string {
  return revision === null ? 'nothing is installed any more' : `revision ${revision} has been installed since`;
}

function fingerprintsOf({ project, place, current, changes, before }: Prepared, state: string): Fingerprints {
  return {
    file: digestOf(JSON.stringify(project)),
    registry: current ?? null,
    state,
    launcher: JSON.stringify(place.launcher),
    zone: place.host.zone.name,
    table: digestOf(before),
    tables: changes.map(({ target, before: was, next }) => ({ target, before: digestOf(was), next: digestOf(next) })),
  };
}
