import type { Project } from '../job/job.ts';
import { type Expression, loadJobs } from '../job/load.ts';
import type { Problem } from '../job/problem.ts';
import { checkExpression } from './syntax.ts';

/** A jobs file, read and checked whole. */
export interface Timetable {
  /** Undefined where a problem is an error. */
  readonly project: Project | undefined;
  /** How many jobs the file names, sound or not. */
  readonly count: number;
  readonly problems: readonly Problem[];
}

/**
 * Reads a jobs file with its includes and checks everything in it, its schedules too.
 * @throws UserError when the file cannot be read at all; what is wrong inside is among the problems.
 */
export function readTimetable(file: string): Timetable {
  const { project, jobs, problems, expressions } = loadJobs(file);
  const flaws = expressions.flatMap(expressionProblems);
  const all = flaws.length === 0 ? problems : [...problems, ...flaws].sort(byPlace);
  return { project: flaws.length === 0 ? project : undefined, count: jobs, problems: all };
}

function expressionProblems(expression: Expression): readonly Problem[] {
  const flaw = checkExpression(expression.text);
  if (flaw === undefined) return [];
  const { offset, length, code, message, hint } = flaw;
  return [{ ...expression.place(offset, length), severity: 'error', code, message, hint }];
}

function byPlace(a: Problem, b: Problem): number {
  if (a.file !== b.file) return 0;
  return a.line - b.line || a.column - b.column;
}
