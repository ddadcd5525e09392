import { closeSync, existsSync, openSync, statSync, utimesSync } from 'node:fs';
import { errorCode, errorMessage } from '../errors.ts';
import type { JobId } from '../job/job.ts';
import { syncDirectory } from '../job/sync-directory.ts';
import { type Look, lookAt, makePrivate, namesIn } from './private-place.ts';
import { isOpen, type RecordedRun, type RunRecord } from './record.ts';
import { appendToFile, discard, replaceFile } from './write-whole.ts';

/** What a record's file is called behind the name of its launch. The permit of a slot is the name alone, and empty. */
const recordSuffix = '.record';

/** A launch in the spool: its permit, if it has a slot, and its record, in whatever place there is room. */
export interface SpoolFile {
  /** Absolute path of the state directory. */
  readonly state: string;
  /** `project.job.SLOT`, the slot in UTC milliseconds, or `project.job.run-ID` for a run without one. */
  readonly name: string;
}

/** Whether a start has its slot. `nowhere`: no directory would take a file, so that there is neither permit nor record. */
export type Claim = { readonly kind: 'granted'; readonly file: SpoolFile } | { readonly kind: 'taken' } | Nowhere;

/** What became of writing a record; `bare` is one without its output, or with less, for want of room. */
export type Written = { readonly kind: 'whole' | 'bare'; readonly path: string } | Nowhere;

/** The directories to make in turn, the last of which is the place. */
type Place = readonly [string, ...string[]];

/** Where launches lie while the database cannot take them, the best place first. */
function placesOf(state: string): readonly Place[] {
  const account = `cronwright-${process.geteuid?.() ?? 0}`;
  const shared = ['/var/tmp', '/dev/shm'].map((parent) => `${parent}/${account}`);
  return [
    [`${state}/spool`],
    [`${state}.spool`],
    ...shared.map((parent): Place => [parent, `${parent}/${encodeURIComponent(state)}`]),
  ];
}

function pathOf(place: Place): string {
  return place.at(-1) ?? place[0];
}

/** The places of a state directory that are there and private. What lies in any other is nobody's word. */
export function existingPlaces(state: string): readonly string[] {
  return placesOf(state).flatMap((place) => {
    const look = inTurn(place, lookAt);
    return look.kind === 'private' ? [look.path] : [];
  });
}

function inTurn([first, ...rest]: Place, step: (path: string) => Look): Look {
  return rest.reduce((look, path) => (look.kind === 'private' ? step(path) : look), step(first));
}

/** The launch of a run that has no slot and needs no permit. */
export function runFile(state: string, job: JobId, run: string): SpoolFile {
  return { state, name: `${job.replace('/', '.')}.run-${run}` };
}

/**
 * Asks for the launch permit of a slot where the database cannot give it: a file that is created exclusively, which
 * needs no room even on a full disk.
 */
export function slotFile(state: string, job: JobId, slot: number): Claim {
  const file = { state, name: slotName(job, slot) };
  const claim = claimFile(file);
  if (claim.kind !== 'granted') return claim;
  syncDirectory(claim.place);
  return { kind: 'granted', file };
}

/**
 * Leaves the permit of a slot beside the one that the database gave, for a start that cannot read the database.
 * @returns false where such a start was here first, so that this one must not launch.
 */
export function markLaunched(state: string, job: JobId, slot: number): boolean {
  return claimFile({ state, name: slotName(job, slot) }).kind !== 'taken';
}

function slotName(job: JobId, slot: number): string {
  return `${job.replace('/', '.')}.${slot}`;
}

type Claimed = { readonly kind: 'granted'; readonly place: string } | { readonly kind: 'taken' } | Nowhere;

function claimFile(file: SpoolFile): Claimed {
  if (isTaken(file, undefined)) return { kind: 'taken' };
  const created = firstOf(file.state, (place) => createNew(`${place}/${file.name}`));
  if (created.kind === 'nowhere') return created;
  // A place that one start cannot use another may use, so each looks once more behind its own file: of two that crossed,
  // one or both give way. The file stays, and whoever takes the spool in finds that nothing came of it.
  if (!created.value || isTaken(file, created.named)) return { kind: 'taken' };
  return { kind: 'granted', place: created.place };
}

/** Returns whether this call made the file. */
function createNew(path: string): boolean {
  try {
    closeSync(openSync(path, 'wx', 0o600));
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Whether a launch has its permit or its record in any place, the own one apart. */
function isTaken({ state, name }: SpoolFile, own: string | undefined): boolean {
  const others = placesOf(state).filter((place) => pathOf(place) !== own);
  // Whose place it is need be asked only where there is something, which in most starts is nowhere.
  return others.some((place) => has(pathOf(place), name) && inTurn(place, lookAt).kind === 'private');
}

function has(place: string, name: string): boolean {
  return existsSync(`${place}/${name}`) || existsSync(`${place}/${name}${recordSuffix}`);
}

interface Nowhere {
  readonly kind: 'nowhere';
  readonly problem: string;
}

/** What was done, in which place, and how that is named where its path has links. */
interface Done<T> {
  readonly kind: 'done';
  readonly place: string;
  readonly named: string;
  readonly value: T;
}

/** Does something in the first place that lets it be done. */
function firstOf<T>(state: string, work: (place: string) => T): Done<T> | Nowhere {
  const problems: string[] = [];
  for (const place of placesOf(state)) {
    try {
      const look = inTurn(place, makePrivate);
      if (look.kind === 'private') {
        return { kind: 'done', place: look.path, named: pathOf(place), value: work(look.path) };
      }
      problems.push(look.kind === 'absent' ? `${place[0]} cannot be made` : look.reason);
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      problems.push(errorMessage(error));
    }
  }
  return { kind: 'nowhere', problem: problems.join('; ') };
}

/**
 * Writes down a launch as it stands, in place of what was written of it before. Where there is no room for all of it, what
 * it is without the output is added to a file that may have a little left; where there is none at all, an open run leaves
 * its name and its process in the name of an empty file.
 */
export function writeRecord(file: SpoolFile, record: RunRecord): Written {
  const recordName = file.name + recordSuffix;
  const text = JSON.stringify(record);
  const whole = firstOf(file.state, (place) => replaceFile(place, `${place}/${recordName}`, `${text}\n`));
  if (whole.kind === 'done') return { kind: 'whole', path: `${whole.place}/${recordName}` };
  const bare = JSON.stringify({ ...record, output: [] });
  // The line break before it parts it from what a kill may have left half written.
  const added = firstOf(file.state, (place) => appendToFile(`${place}/${recordName}`, `\n${bare}\n`));
  if (added.kind === 'done') return { kind: 'bare', path: `${added.place}/${recordName}` };
  if (!isOpen(record.run)) return whole;
  const name = heldName(file, record.run);
  const named = firstOf(file.state, (place) => createNew(`${place}/${name}`));
  return named.kind === 'done' ? { kind: 'bare', path: `${named.place}/${name}` } : whole;
}

/** The name that says all there is room for of an open run. */
function heldName({ name }: SpoolFile, { run, pid, born, boot }: RecordedRun): string {
  return `${name}.held-${run}-${pid}-${born}-${boot}`;
}

/** How often something that lasts is news, in milliseconds. */
export interface Newsworthy {
  readonly now: number;
  readonly every: number;
}

/**
 * Whether nobody was told of a topic lately; to ask is to tell. Of those who ask at once, one is told so. Where nothing can
 * be kept in mind, everything is news.
 */
export function isNews(state: string, topic: string, { now, every }: Newsworthy): boolean {
  const told = existingPlaces(state).flatMap((place) => stampsIn(place, topic));
  if (told.some((path) => Math.abs(now - timeOf(path)) < every)) return false;
  // The name is the same for all who ask within the time.
  const stamp = `${topic}.${Math.floor(now / every)}.told`;
  const made = firstOf(state, (place) => makeStamp(`${place}/${stamp}`, now));
  for (const path of told) if (!path.endsWith(stamp)) discard(path);
  return made.kind === 'nowhere' || made.value;
}

function stampsIn(place: string, topic: string): readonly string[] {
  const names = namesIn(place).filter((name) => name.startsWith(`${topic}.`) && name.endsWith('.told'));
  return names.map((name) => `${place}/${name}`);
}

function timeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function makeStamp(path: string, now: number): boolean {
  const made = createNew(path);
  if (made) utimesSync(path, now / 1000, now / 1000);
  return made;
}
