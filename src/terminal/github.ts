import type { Problem } from '../job/problem.ts';

/**
 * Problems as workflow commands, which GitHub shows beside the lines of a change
 * (docs.github.com, "Workflow commands for GitHub Actions").
 */
export function githubAnnotations(problems: readonly Problem[]): string {
  return problems.map(annotation).join('\n');
}

function annotation({ severity, file, line, column, length, code, message, hint }: Problem): string {
  const place = `file=${property(file)},line=${line},col=${column},endColumn=${column + length}`;
  const text = hint === undefined ? message : `${message} (${hint})`;
  return `::${severity} ${place},title=${property(code)}::${data(text)}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
