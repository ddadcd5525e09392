import type { Cron } from '../cron/cron.ts';

/** A variable of a table's environment. */
export interface Variable {
  readonly name: string;
  readonly value: string;
}

/** One side of the sign, and what stands behind it; undefined where a quote does not end. */
interface Side {
  readonly text: string;
  readonly rest: string;
}

/** As isspace(3) has them, without those that are bytes of other characters in UTF-8. */
const blanks = ' \t\v\f\r';
const leading = /^[ \t\v\f\r]+/;

/**
 * Reads `name = value` as load_env() of cron does: either side may stand in quotes, of which nothing is escaped; a value
 * without quotes goes to the end of the line, less its last blanks; none at all is no assignment.
 * Debian's cron takes the last blanks off a value in quotes too, against its crontab(5).
 * @returns undefined for a line that is none: cron takes it for an entry.
 */
export function readAssignment(line: string, cron?: Cron): Variable | undefined {
  const left = readName(line.replace(/^[ \t]+/, ''));
  const sign = left?.rest.replace(leading, '');
  if (left === undefined || sign?.startsWith('=') !== true) return undefined;
  const right = sign.slice(1).replace(leading, '');
  if (right === '') return undefined;
  const value = readValue(right);
  if (value === undefined) return undefined;
  return { name: left.text, value: cron?.name === 'debian' ? withoutLastBlanks(value) : value };
}

function readName(text: string): Side | undefined {
  const quoted = readQuoted(text);
  if (quoted === undefined) return undefined;
  if (quoted !== 'none') return quoted.text.includes('=') ? undefined : quoted;
  const end = text.search(/[ \t\v\f\r=]/);
  return end < 0 ? undefined : { text: text.slice(0, end), rest: text.slice(end) };
}

function readValue(text: string): string | undefined {
  const quoted = readQuoted(text);
  if (quoted === 'none') return withoutLastBlanks(text);
  return quoted?.rest.replace(leading, '') === '' ? quoted.text : undefined;
}

function readQuoted(text: string): Side | 'none' | undefined {
  const quote = text.at(0);
  if (quote !== '"' && quote !== "'") return 'none';
  const end = text.indexOf(quote, 1);
  return end < 0 ? undefined : { text: text.slice(1, end), rest: text.slice(end + 1) };
}

function withoutLastBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && blanks.includes(text[end - 1] ?? '')) end--;
  return text.slice(0, end);
}
