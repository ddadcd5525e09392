import { dirname, resolve } from 'node:path';
import { breaches } from './breach.ts';
import { readSource, type Source } from './document.ts';
import { type CalendarEnd, CalendarFiles, calendarsIn } from './except.ts';
import { includedPaths } from './include.ts';
import type { Job, JobName, Project } from './job.ts';
import { movedProblems } from './moved-rules.ts';
import { type PlacedJob, placedJob } from './placed.ts';
import type { Finding, Place, Problem } from './problem.ts';
import { readJobsText } from './read.ts';
import { movedJobs, replacedLines } from './replaced.ts';
import { absolute, type CheckedFile, handedDown, resolveJobs, resolveMail } from './resolve.ts';
import { rules } from './rules.ts';
import { type Defaults, includedFile, type JobsFile, jobsFile, type Shape } from './shape.ts';
import { expressionsOf, jobsOf, type Written, zonesOf } from './written.ts';

/** A jobs file with its includes, read and checked in itself: everything but its schedules. */
export interface Loaded {
  /** Undefined where a problem is an error. */
  readonly project: Project | undefined;
  readonly problems: readonly Problem[];
  /** How many jobs the files name, sound or not. */
  readonly jobs: number;
  /** The files in the order in which they were read, as places name them. */
  readonly files: readonly string[];
  /** What the project is made from. */
  readonly sources: Sources;
  /** Every schedule expression that is a text, also of jobs with other problems. */
  readonly expressions: readonly Written[];
  /** The same of every name of a time zone. */
  readonly zones: readonly Written[];
  /** The jobs of the project with their places; none where a problem is an error. */
  readonly placed: readonly PlacedJob[];
  /** The calendar files that are named under `except:` and have dates. */
  readonly calendars: readonly PlacedCalendar[];
}

/** All that a project is made from. */
export interface Sources {
  /** The digests of its files and of the calendars that they name, by absolute paths; undefined for one that cannot be read. */
  readonly contents: ReadonlyMap<string, string | undefined>;
  /** Absolute paths of the folders in which included files were looked for. */
  readonly folders: readonly string[];
}

/** A calendar file where it is named. */
export interface PlacedCalendar extends CalendarEnd {
  place(): Place;
}

/** One file on its way: what stands in it and all that was found. */
interface Reading {
  readonly path: string;
  readonly digest: string;
  readonly source: Source;
  readonly problems: readonly Problem[];
  /** What the file says of all its jobs, as far as it is well-formed. */
  readonly defaults: Defaults;
  readonly expressions: ReadonlyMap<string, readonly Written[]>;
  readonly calendars: readonly PlacedCalendar[];
}

/**
 * Reads a jobs file and what it includes.
 * @param file as the person named it; problems repeat it so.
 * @throws UserError when the file itself cannot be read, or is no text of a sensible size.
 */
export function loadJobs(file: string): Loaded {
  const calendars = new CalendarFiles();
  const main = reading(file, jobsFile, {}, calendars);
  const includes = includedPaths(main.source, main.path);
  const parts = includes.paths.map((path) => reading(path, includedFile, main.defaults, calendars));
  const readings = [main, ...parts];
  const names = new Set(readings.flatMap(({ source }) => Object.keys(jobsOf(source))));
  const problems = [
    ...readings.flatMap((one) => one.problems),
    ...includes.problems,
    ...repeatedJobs(readings),
    ...movedProblems(main.source, names),
  ];
  const sound = problems.every((problem) => problem.severity !== 'error');
  const files = sound ? resolvedFiles(main, parts, calendars) : [];
  return {
    project: sound ? project(main, files) : undefined,
    problems,
    jobs: readings.reduce((sum, one) => sum + Object.keys(jobsOf(one.source)).length, 0),
    files: readings.map(({ source }) => source.file),
    sources: {
      contents: new Map([...readings.map(({ path, digest }) => [path, digest] as const), ...calendars.contents()]),
      folders: includes.folders,
    },
    expressions: readings.flatMap(({ expressions }) => [...expressions.values()].flat()),
    zones: readings.flatMap(({ source }) => zonesOf(source)),
    placed: files.flatMap(({ reading, jobs }) => placedJobs(reading, jobs, main)),
    calendars: readings.flatMap((one) => one.calendars),
  };
}

/** @param outer the defaults of the file that includes this one. */
function reading(file: string, shape: Shape, outer: Defaults, calendars: CalendarFiles): Reading {
  const { text, warnings, digest } = readJobsText(file);
  const source = readSource(text, file);
  const shaped = breaches(source.value ?? {}, shape);
  const broken = new Set(source.problems.filter((problem) => problem.severity === 'error').map(({ line }) => line));
  const data = shaped.length === 0 ? ((source.value ?? {}) as JobsFile) : undefined;
  const ruled = data === undefined ? [] : rules.flatMap((rule) => rule(data, outer));
  const named = data === undefined ? [] : calendarsIn(data, dirname(resolve(file)));
  const dated = calendars.breaches(named);
  const found = [...shaped, ...ruled, ...dated]
    .map(({ path, part, finding }): Problem => ({ ...source.place(path, part), ...finding }))
    .filter(({ line }) => !broken.has(line));
  const whole = warnings.map((finding: Finding): Problem => ({ ...source.place([], 'key'), ...finding }));
  const inOrder = [...source.problems, ...found].sort((a, b) => a.line - b.line || a.column - b.column);
  return {
    path: resolve(file),
    digest,
    source,
    problems: [...whole, ...inOrder],
    defaults: data?.defaults ?? {},
    expressions: expressionsOf(source),
    calendars: calendars.ends(named).map((end) => ({ ...end, place: () => source.place(end.path, 'value') })),
  };
}

/** The jobs of one file, resolved. */
interface ResolvedFile {
  readonly reading: Reading;
  readonly jobs: readonly Job[];
}

function resolvedFiles(
  main: Reading,
  parts: readonly Reading[],
  calendars: CalendarFiles,
): readonly [ResolvedFile, ...ResolvedFile[]] {
  const outer = handedDown({ path: main.path, data: main.source.value as JobsFile });
  const resolved = (reading: Reading): ResolvedFile => {
    const file: CheckedFile = { path: reading.path, data: reading.source.value as JobsFile, calendars };
    return { reading, jobs: resolveJobs(file, projectName(main), outer) };
  };
  return [resolved(main), ...parts.map(resolved)];
}

function placedJobs({ source, expressions }: Reading, jobs: readonly Job[], main: Reading): readonly PlacedJob[] {
  const sources = { source, outer: main.source };
  return jobs.map((job) => placedJob(job, expressions.get(job.name) ?? [], sources));
}

function projectName({ source }: Reading): JobName {
  return ((source.value as JobsFile).project ?? 'main') as JobName;
}

function project(main: Reading, files: readonly ResolvedFile[]): Project {
  const data = main.source.value as JobsFile;
  return {
    name: projectName(main),
    file: main.path,
    mail: data.mail && resolveMail(data.mail),
    envFiles: absolute(main.path, data['env-file']),
    jobs: files.flatMap(({ jobs }) => jobs),
    moved: movedJobs(projectName(main), data.moved),
    replaces: files.flatMap(({ reading }) => replacedLines(projectName(main), reading.source.value as JobsFile)),
  };
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
