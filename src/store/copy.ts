import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, errorMessage } from '../errors.ts';
import { completed, type StoredJob } from '../job/completed.ts';
import type { JobId, JobName } from '../job/job.ts';
import { lookAt, makePrivate, readOwn } from './private-place.ts';
import { type InstalledJob, latestRevision, type ProjectSettings } from './registry.ts';
import type { Store } from './store.ts';
import { discard, replaceFile } from './write-whole.ts';

/*
 * A plain copy of the installed jobs, for when the database cannot be read. One file for each project: a line with the
 * revision and its settings, then a line for each job that begins with its id, so that one is found without reading all.
 */

/** A job as it was copied, with what its project's revision says besides. */
export interface CopiedJob {
  readonly installed: InstalledJob;
  readonly settings: ProjectSettings;
}

interface Header {
  readonly revision: number;
  readonly settings: ProjectSettings;
}

/** Beside the state directory, so that the copy outlives it; within it where the parent is not ours to write. */
function placesOf(state: string): readonly string[] {
  return [`${state}.installed`, join(state, 'installed')];
}

function fileName(project: string): string {
  return `${project}.jsonl`;
}

/**
 * Copies what is installed of a project; where that is nothing, its copy goes.
 * @returns why there is no new copy, in words; undefined where all is well. A job runs without one as long as the database
 * can be read.
 */
export function writeCopy(store: Store, project: JobName): string | undefined {
  const places = placesOf(store.directory);
  const text = textOf(store, project);
  if (text === undefined) {
    removeFrom(places, project);
    return undefined;
  }
  const problems: string[] = [];
  for (const [index, place] of places.entries()) {
    const problem = writeTo(place, fileName(project), text);
    // What lies in the other place is older now.
    if (problem === undefined) return void removeFrom(places.toSpliced(index, 1), project);
    problems.push(problem);
  }
  return `the installed jobs could not be copied: ${problems.join('; ')}`;
}

function textOf(store: Store, project: JobName): string | undefined {
  const revision = latestRevision(store, project);
  // The stored text is copied as it is: parsing thousands of jobs to write them again would take as long as all the rest.
  const sql = 'SELECT id, since, spec FROM job WHERE until IS NULL AND project = ? ORDER BY id';
  const rows = store.db.all<{ id: string; since: number; spec: string }>(sql, project);
  if (revision === undefined || rows.length === 0) return undefined;
  const header: Header = { revision: revision.id, settings: revision.settings };
  const lines = rows.map(({ id, since, spec }) => `${lineStart(id)}"revision":${since},"job":${spec}}`);
  return `${JSON.stringify(header)}\n${lines.join('\n')}\n`;
}

function lineStart(id: string): string {
  return `{"id":${JSON.stringify(id)},`;
}

function writeTo(place: string, name: string, text: string): string | undefined {
  try {
    const look = makePrivate(place);
    if (look.kind === 'absent') return `${place} cannot be made`;
    if (look.kind === 'unusable') return look.reason;
    return void replaceFile(look.path, join(look.path, name), text);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return errorMessage(error);
  }
}

function removeFrom(places: readonly string[], project: JobName): void {
  for (const place of places) {
    const look = lookAt(place);
    if (look.kind === 'private') discard(join(look.path, fileName(project)));
  }
}

/** Copies what is installed of a project where there is no copy of it: an earlier version made none. */
export function ensureCopy(store: Store, project: JobName): string | undefined {
  const isThere = placesOf(store.directory).some((place) => existsSync(join(place, fileName(project))));
  return isThere ? undefined : writeCopy(store, project);
}

/** A job as the newest copy of its project has it. A copy that another account could have written is none. */
export function copiedJob(state: string, id: JobId): CopiedJob | undefined {
  const name = fileName(id.slice(0, id.indexOf('/')));
  const copies = placesOf(state).flatMap((place) => readCopy(place, name) ?? []);
  const newest = copies.sort((a, b) => b.header.revision - a.header.revision)[0];
  return newest && findJob(newest.text, newest.header, id);
}

function readCopy(place: string, name: string) {
  const look = lookAt(place);
  const text = look.kind === 'private' ? readOwn(join(look.path, name)) : undefined;
  const header = text === undefined ? undefined : parsed<Header>(text.slice(0, text.indexOf('\n')));
  return text === undefined || header === undefined ? undefined : { text, header };
}

function findJob(text: string, { settings }: Header, id: JobId): CopiedJob | undefined {
  const start = text.indexOf(`\n${lineStart(id)}`) + 1;
  if (start === 0) return undefined;
  const line = parsed<{ revision: number; job: StoredJob }>(text.slice(start, text.indexOf('\n', start)));
  return line && { installed: { job: completed(line.job), revision: line.revision }, settings };
}

/** JSON of our own writing; undefined where a fault of the disk has spoilt it. */
function parsed<T>(line: string): T | undefined {
  try {
    return (JSON.parse(line) as T | null) ?? undefined;
  } catch {
    return undefined;
  }
}
