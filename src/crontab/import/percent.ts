import type { Cron } from '../cron/cron.ts';

/** What a command line starts, and what that reads. */
export interface Fed {
  readonly command: string;
  /** Empty for nothing. */
  readonly stdin: string;
}

/** Splits a command line at its first `%` that no backslash goes before, as a cron does that takes the rest for input. */
export function readPercents(line: string, cron: Cron): Fed {
  if (cron.percent === 'literal') return { command: line, stdin: '' };
  const escapable = cron.name === 'debian' ? '%\\' : '%';
  let command = '';
  let index = 0;
  for (; index < line.length && line[index] !== '%'; index++) {
    const next = line[index + 1];
    if (line[index] !== '\\' || next === undefined) command += line[index];
    else {
      command += escapable.includes(next) ? next : `\\${next}`;
      index++;
    }
  }
  return { command, stdin: inputOf(line.slice(index + 1)) };
}

/** Here cron heeds a backslash before `%` alone. It ends the last line, as far as there is one. */
function inputOf(text: string): string {
  const input = text.replace(/\\%|%/g, (found) => (found === '%' ? '\n' : '%'));
  return input === '' || input.endsWith('\n') ? input : `${input}\n`;
}
