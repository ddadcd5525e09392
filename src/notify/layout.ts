import { formatInstant } from '../schedule/instant.ts';
import type { Zone } from '../schedule/zone/zone.ts';
import { printable, printableLine } from './printable.ts';
import { columnsOf, cut, shorten, wrap } from './wrap.ts';

/** RFC 5322 recommends 78 characters a line; a reply's `> ` takes two of them. */
export const width = 76;
/** Room for a full host name and the longest name of a job. */
const subjectLength = 250;
const margin = '  | ';
const labelWidth = 9;
const longestWords = 600;
const longestCommand = 8;

/** One line for a mail's subject, and for nothing else than it says. */
export function subjectLine(text: string): string {
  return shorten(printableLine(text), subjectLength);
}

/** A text of another's making as a part of a sentence: on one line, and bounded. */
export function words(text: string): string {
  return shorten(printableLine(text), longestWords);
}

/** The lines behind their label; none where there is nothing to say. */
export function fact(label: string, lines: readonly string[]): readonly string[] {
  if (lines.join('') === '') return [];
  return lines.map((line, index) => `  ${(index === 0 ? label : '').padEnd(labelWidth)}${line}`.trimEnd());
}

/** A text as the lines of a fact. */
export function wrapFact(text: string): readonly string[] {
  return wrap(text, width - labelWidth - 2);
}

/** The first lines of a command, as those of a fact. */
export function commandLines(text: string): readonly string[] {
  const lines = printable(text).trim().split('\n').flatMap(wrapFact);
  return lines.length <= longestCommand ? lines : [...lines.slice(0, longestCommand), '...'];
}

/** The lines that a task wrote, quoted: none of them can be taken for one of the letter's. */
export function quoted(output: string): readonly string[] {
  const text = printable(output).replace(/^\n+|\n+$/g, '');
  if (text === '') return [];
  const rows = text.split('\n').flatMap((line) => cut(line, width - margin.length));
  return rows.map((row) => `${margin}${row}`.trimEnd());
}

/** What a person types. It stays on one line whatever its length, so that it can be copied. */
export function command(program: string, verb: string): string {
  return printableLine(`${program} ${verb}`);
}

/** A command to type, and what for. */
export type Step = readonly [typed: string, purpose: string];

/** Commands to type on a host, each with its purpose where the line has room for it. */
export function nextSteps(host: string, steps: readonly Step[]): readonly string[] {
  const room = width - 4 - Math.max(...steps.map(([, purpose]) => purpose.length));
  const fitting = steps.map(([typed]) => columnsOf(typed)).filter((columns) => columns <= room);
  const longest = Math.max(0, ...fitting);
  const rows = steps.map(([typed, purpose]) => {
    const columns = columnsOf(typed);
    return columns > room ? `  ${typed}` : `  ${typed}${' '.repeat(longest - columns)}  ${purpose}`;
  });
  return [...wrap(`What to type next on ${words(host)}`, width), ...rows];
}

/** The parts of a letter, each its lines, with an empty line between any two; a part without lines is left out. */
export function letterText(parts: readonly (readonly string[])[]): string {
  const text = parts.filter((part) => part.length > 0).map((part) => part.join('\n'));
  return `${text.join('\n\n')}\n`;
}

/** An instant on a zone's clock and on that of UTC. */
export function moment(instant: number, zone: Zone): string {
  const utc = new Date(instant).toISOString().slice(0, 19).replace('T', ' ');
  return `${localTime(instant, zone)} (${utc} UTC)`;
}

/** `2026-03-08 03:00:00 -04:00`. */
export function localTime(instant: number, zone: Zone): string {
  return formatInstant(instant, zone)
    .replace('T', ' ')
    .replace(/[+-][0-9:]+$/, ' $&');
}

/** `2026-03-08 03:00`, for a table that names its zone. */
export function localMinute(instant: number, zone: Zone): string {
  return formatInstant(instant, zone).slice(0, 16).replace('T', ' ');
}
