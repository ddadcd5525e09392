import { UserError } from '../errors.ts';
import type { Project } from '../job/job.ts';
import { type Loaded, loadJobs, type Sources } from '../job/load.ts';
import type { PlacedJob } from '../job/placed.ts';
import type { Place, Problem } from '../job/problem.ts';
import type { Written } from '../job/written.ts';
import { checkExpression } from './expression/syntax.ts';
import type { Present } from './lint/case.ts';
import { lint } from './lint/lint.ts';
import { namedZone } from './zone/zone.ts';

/** A jobs file, read and checked whole. */
export interface Timetable {
  /** Undefined where a problem is an error. */
  readonly project: Project | undefined;
  /** How many jobs the file names, sound or not. */
  readonly count: number;
  readonly problems: readonly Problem[];
  /** What it was made from. */
  readonly sources: Sources;
}

/**
 * Reads a jobs file with its includes and checks everything in it, its schedules too.
 * @param present where and when it is judged: with it, the problems hold warnings of what is sound and hardly meant.
 * @throws UserError when the file cannot be read at all; what is wrong inside is among the problems.
 */
export function readTimetable(file: string, present?: Present): Timetable {
  const loaded = loadJobs(file);
  const { project, jobs, problems, expressions } = loaded;
  const flaws = [...expressions.flatMap(expressionProblems), ...zoneProblems(loaded)];
  const warnings = present === undefined ? [] : lint(loaded.placed.filter(isSound), loaded.calendars, present);
  const found = [...flaws, ...warnings];
  return {
    project: flaws.length === 0 ? project : undefined,
    count: jobs,
    sources: loaded.sources,
    problems: found.length === 0 ? problems : inOrder([...problems, ...found], loaded.files),
  };
}

function expressionProblems(expression: Written): readonly Problem[] {
  const flaw = checkExpression(expression.text);
  if (flaw === undefined) return [];
  const { offset, length, code, message, hint } = flaw;
  return [{ ...expression.place(offset, length), severity: 'error', code, message, hint }];
}

/** What is no name in the first place is told already. */
function zoneProblems({ zones, problems }: Loaded): readonly Problem[] {
  const told = new Set(problems.map(placeKey));
  return zones.flatMap((written): readonly Problem[] => {
    const objection = zoneObjection(written.text);
    if (objection === undefined) return [];
    const place = written.place(0, written.text.length);
    if (told.has(placeKey(place))) return [];
    const { message, hint } = objection;
    return [{ ...place, severity: 'error', code: 'unknown-zone', message, hint }];
  });
}

function placeKey({ file, line, column }: Place): string {
  return `${line}:${column}:${file}`;
}

const objections = new Map<string, UserError | undefined>();

/** Why a name is none of a time zone. A long search, and the same name stands at many jobs. */
function zoneObjection(name: string): UserError | undefined {
  if (!objections.has(name)) objections.set(name, objectionTo(name));
  return objections.get(name);
}

function objectionTo(name: string): UserError | undefined {
  try {
    namedZone(name);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

function isSound({ job }: PlacedJob): boolean {
  const zoned = job.timezone === '' || zoneObjection(job.timezone) === undefined;
  return zoned && job.schedule.every((text) => checkExpression(text) === undefined);
}

function inOrder(problems: readonly Problem[], files: readonly string[]): readonly Problem[] {
  const ranks = new Map(files.map((file, index) => [file, index]));
  const rank = ({ file }: Problem) => ranks.get(file) ?? 0;
  return problems.toSorted((a, b) => rank(a) - rank(b) || a.line - b.line || a.column - b.column);
}
