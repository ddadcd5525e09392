import { resolve } from 'node:path';
import { breaches } from './breach.ts';
import { readSource, type Source } from './document.ts';
import { includedPaths } from './include.ts';
import type { Job, JobName, Project } from './job.ts';
import type { Finding, Place, Problem } from './problem.ts';
import { readJobsText } from './read.ts';
import { absolute, type CheckedFile, handedDown, resolveJobs, resolveMail } from './resolve.ts';
import { rules } from './rules.ts';
import { type Defaults, includedFile, type JobsFile, jobsFile, type Shape } from './shape.ts';
import type { Path } from './tree.ts';

/** A schedule expression as it stands in a file, with the way to the place of its characters. */
export interface Expression {
  readonly text: string;
  place(offset: number, length: number): Place;
}

/** A jobs file with its includes, read and checked in itself: everything but its schedules. */
export interface Loaded {
  /** Undefined where a problem is an error. */
  readonly project: Project | undefined;
  readonly problems: readonly Problem[];
  /** How many jobs the files name, sound or not. */
  readonly jobs: number;
  /** Every schedule expression that is a text, also of jobs with other problems. */
  readonly expressions: readonly Expression[];
}

/** One file on its way: what stands in it and all that was found. */
interface Reading {
  readonly path: string;
  readonly source: Source;
  readonly problems: readonly Problem[];
  /** What the file says of all its jobs, as far as it is well-formed. */
  readonly defaults: Defaults;
}

/**
 * Reads a jobs file and what it includes.
 * @param file as the person named it; problems repeat it so.
 * @throws UserError when the file itself cannot be read, or is no text of a sensible size.
 */
export function loadJobs(file: string): Loaded {
  const main = reading(file, jobsFile, {});
  const includes = includedPaths(main.source, main.path);
  const parts = includes.paths.map((path) => reading(path, includedFile, main.defaults));
  const readings = [main, ...parts];
  const problems = [...readings.flatMap((one) => one.problems), ...includes.problems, ...repeatedJobs(readings)];
  const sound = problems.every((problem) => problem.severity !== 'error');
  return {
    project: sound ? project(main, parts) : undefined,
    problems,
    jobs: readings.reduce((sum, one) => sum + Object.keys(jobsOf(one.source)).length, 0),
    expressions: readings.flatMap((one) => expressions(one.source)),
  };
}

/** @param outer the defaults of the file that includes this one. */
function reading(file: string, shape: Shape, outer: Defaults): Reading {
  const { text, warnings } = readJobsText(file);
  const source = readSource(text, file);
  const shaped = breaches(source.value ?? {}, shape);
  const broken = new Set(source.problems.filter((problem) => problem.severity === 'error').map(({ line }) => line));
  const data = shaped.length === 0 ? ((source.value ?? {}) as JobsFile) : undefined;
  const ruled = data === undefined ? [] : rules.flatMap((rule) => rule(data, outer));
  const found = [...shaped, ...ruled]
    .map(({ path, part, finding }): Problem => ({ ...source.place(path, part), ...finding }))
    .filter(({ line }) => !broken.has(line));
  const whole = warnings.map((finding: Finding): Problem => ({ ...source.place([], 'key'), ...finding }));
  const inOrder = [...source.problems, ...found].sort((a, b) => a.line - b.line || a.column - b.column);
  return { path: resolve(file), source, problems: [...whole, ...inOrder], defaults: data?.defaults ?? {} };
}

function project(main: Reading, parts: readonly Reading[]): Project {
  const data = main.source.value as JobsFile;
  const name = (data.project ?? 'main') as JobName;
  const files: CheckedFile[] = [main, ...parts].map(({ path, source }) => ({ path, data: source.value as JobsFile }));
  const outer = handedDown({ path: main.path, data });
  return {
    name,
    file: main.path,
    mail: data.mail && resolveMail(data.mail),
    envFiles: absolute(main.path, data['env-file']),
    jobs: files.flatMap((file): readonly Job[] => resolveJobs(file, name, outer)),
  };
}

/** The jobs mapping as far as there is one, whatever else is wrong with the file. */
function jobsOf(source: Source): Readonly<Record<string, unknown>> {
  const jobs = isRecord(source.value) ? source.value.jobs : undefined;
  return isRecord(jobs) ? jobs : {};
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function expressions(source: Source): readonly Expression[] {
  return Object.entries(jobsOf(source)).flatMap(([name, job]) => {
    const schedule = isRecord(job) ? job.schedule : undefined;
    const at = (path: Path, text: unknown): readonly Expression[] =>
      typeof text === 'string' ? [{ text, place: (offset, length) => source.place(path, { offset, length }) }] : [];
    const path = ['jobs', name, 'schedule'];
    return Array.isArray(schedule) ? schedule.flatMap((text, i) => at([...path, i], text)) : at(path, schedule);
  });
}

/** A job's name may stand in one of the files only. */
function repeatedJobs(readings: readonly Reading[]): readonly Problem[] {
  const first = new Map<string, Place>();
  return readings.flatMap(({ source }) =>
    Object.keys(jobsOf(source)).flatMap((name): readonly Problem[] => {
      const place = source.place(['jobs', name], 'key');
      const before = first.get(name);
      if (!before) first.set(name, place);
      if (!before || before.file === place.file) return [];
      const message = `found the job ${name} again; it stands first in ${before.file}:${before.line}`;
      return [{ ...place, severity: 'error', code: 'duplicate-job', message, hint: 'rename or remove one of the two' }];
    }),
  );
}
