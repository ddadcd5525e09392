import { fieldNames, fieldRanges } from '../../schedule/expression/field-range.ts';
import { parseSchedule } from '../../schedule/parse.ts';
import type { Field, FieldName, Fields } from '../../schedule/schedule.ts';
import { allValues } from '../cover/cover.ts';
import type { Cron } from '../cron/cron.ts';
import { fieldsText } from '../fields.ts';
import { readCronField } from './field-reading.ts';
import type { Obstacle } from './obstacle.ts';

/** A schedule that means what the times of an entry do. */
export interface ImportedTimes {
  readonly schedule: string;
  readonly notes: readonly string[];
}

/** The schedule of an entry: its own text where that means here what it means to the cron, else one that does. */
export function readTimes(times: readonly string[], cron: Cron): ImportedTimes | Obstacle {
  const [first = ''] = times;
  return first.startsWith('@') ? readNickname(first, cron) : readFields(times, cron);
}

function readNickname(word: string, cron: Cron): ImportedTimes | Obstacle {
  const known = cron.nicknames && (word !== '@reboot' || cron.reboot);
  if (known && parseSchedule(word).ok) return { schedule: word, notes: [] };
  return {
    obstacle: `${cron.title} does not know ${word}`,
    remedy: 'write the five fields that are meant',
    refused: true,
  };
}

function readFields(times: readonly string[], cron: Cron): ImportedTimes | Obstacle {
  const fields: Partial<Record<FieldName, Field>> = {};
  for (const [index, name] of fieldNames.entries()) {
    const text = times[index] ?? '';
    const reading = readCronField(text, name, cron);
    if (reading.kind === 'misread') return { obstacle: reading.how, remedy: 'correct the entry to what is meant' };
    if (reading.kind === 'refused') return refused(text, name, cron);
    fields[name] = reading.field;
  }
  return scheduleOf(times.join(' '), fields as Fields, cron);
}

function refused(text: string, name: FieldName, cron: Cron): Obstacle {
  const obstacle = `${cron.title} does not take ${text} in the ${fieldRanges[name].title} field`;
  return { obstacle, remedy: 'correct the entry, or remove it', refused: true };
}

/** The first text that parses and means the same; of several reasons against it, the first. */
function scheduleOf(written: string, fields: Fields, cron: Cron): ImportedTimes | Obstacle {
  for (const text of [written, ...normalised(fields, cron)]) {
    const parsed = parseSchedule(text);
    if (!parsed.ok && parsed.problem.code === 'schedule-never') return never(parsed.problem.message);
    if (!parsed.ok || parsed.schedule.kind !== 'calendar') continue;
    if (!isSame(parsed.schedule.fields, fields, cron)) continue;
    return { schedule: text, notes: daylightNotes(parsed.schedule.fields, fields) };
  }
  const remedy = 'write it as two entries, or with one of the two day fields';
  return { obstacle: `no schedule has the days that ${cron.title} makes of ${written}`, remedy };
}

function never(message: string): Obstacle {
  return { obstacle: message, remedy: 'remove the entry, or correct its days' };
}

/** A step beyond its field leaves one value, which no schedule writes with a star. */
function normalised(fields: Fields, cron: Cron): readonly string[] {
  const plain = { ...fields };
  for (const name of fieldNames) {
    const { star, values } = fields[name];
    if (star && values.length === 1) plain[name] = { star: false, values };
  }
  const bare = { ...plain };
  for (const name of ['dayOfMonth', 'dayOfWeek'] as const) {
    bare[name] = { star: isFull(plain[name], name), values: plain[name].values };
  }
  return cron.days === 'by-star' ? [fieldsText(plain)] : [fieldsText(plain), fieldsText(bare)];
}

function isSame(read: Fields, meant: Fields, cron: Cron): boolean {
  const values = fieldNames.every((name) => String(read[name].values) === String(meant[name].values));
  if (!values || read.extra !== undefined || read.between !== undefined) return false;
  const { dayOfMonth, dayOfWeek } = meant;
  const both = isFull(dayOfMonth, 'dayOfMonth') && isFull(dayOfWeek, 'dayOfWeek');
  return both || daysOf(read, 'by-star') === daysOf(meant, cron.days);
}

/** On which days fields are due, as far as the values of their day fields do not say: on those of both, or of either. */
function daysOf({ dayOfMonth, dayOfWeek }: Fields, rule: Cron['days']): 'both' | 'either' {
  if (rule === 'both') return 'both';
  if (rule === 'by-star') return dayOfMonth.star || dayOfWeek.star ? 'both' : 'either';
  return isFull(dayOfMonth, 'dayOfMonth') || isFull(dayOfWeek, 'dayOfWeek') ? 'both' : 'either';
}

function isFull({ values }: Field, name: FieldName): boolean {
  return values.length === allValues[name].length;
}

/** Wildcards follow the clock through a change of daylight saving, fixed times are made up for: cron(8). */
function daylightNotes(read: Fields, meant: Fields): readonly string[] {
  if (isWild(read) === isWild(meant)) return [];
  return ['when daylight saving skips its time it runs just after, where cron leaves it out'];
}

function isWild({ minute, hour }: Fields): boolean {
  return minute.star || hour.star;
}
