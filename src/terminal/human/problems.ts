import type { Problem } from '../../job/problem.ts';
import { harmless, wrap } from '../layout.ts';
import { count, type Page } from '../page.ts';
import type { ValidationView } from '../views.ts';

/** Every problem with its line underlined, and the verdict. */
export function validation(view: ValidationView, page: Page): string {
  const errors = view.problems.filter((problem) => problem.severity === 'error').length;
  const warnings = view.problems.length - errors;
  const found = [errors > 0 ? count(errors, 'error') : '', warnings > 0 ? count(warnings, 'warning') : ''];
  const totals = [count(view.jobs, 'job'), ...found.filter((text) => text !== '')].join(', ');
  const verdict = view.valid ? page.style.good('valid') : page.style.bad('not valid');
  return [...view.problems.map((problem) => placed(problem, page)), `${verdict}: ${totals}`].join('\n');
}

function placed(problem: Problem, { style, width }: Page): string {
  const paint = problem.severity === 'error' ? style.bad : style.warn;
  const number = String(problem.line);
  const { text, before, length } = excerpt(problem, width - number.length - 5);
  const margin = ' '.repeat(number.length + 2);
  return [
    `${style.strong(`${problem.file}:${problem.line}:${problem.column}`)} ${paint(problem.severity)} ${style.faint(problem.code)}`,
    wrap(harmless(problem.message), width, '  '),
    style.faint(` ${number} | `) + text,
    `${margin}${style.faint('|')} ${' '.repeat(before)}${paint('^'.repeat(length))}`,
    ...(problem.hint === undefined ? [] : [wrap(harmless(`→ ${problem.hint}`), width, '  ')]),
    '',
  ].join('\n');
}

/** The part of the line around the underlined characters that fits, tabs as one blank. */
function excerpt(problem: Problem, room: number): { text: string; before: number; length: number } {
  const source = harmless(problem.source).replaceAll('\t', ' ');
  const start = Math.min(problem.column - 1, source.length);
  const from = start + Math.min(problem.length, 20) > room ? Math.max(0, start - 20) : 0;
  const cut = from > 0 ? `…${source.slice(from + 1)}` : source;
  const before = start - from;
  return { text: cut.slice(0, room), before, length: Math.max(1, Math.min(problem.length, room - before)) };
}
