import { clip, harmless, wrap } from '../layout.ts';
import { count, type Page } from '../page.ts';
import type { TimeView } from '../views.ts';
import { relative, span, stampMinute } from '../when.ts';

/** What stands above the times. */
export interface NextHead {
  /** The schedule in words. */
  readonly words: string;
  readonly timezone: string;
  /** By how much all times are later than scheduled. Milliseconds. */
  readonly offset: number;
  /** Why there is no time, to follow `no time`; empty where there is nothing to say. */
  readonly none: string;
}

/** The coming times one below the other, with what became of each. */
export function next(times: readonly TimeView[], page: Page, { words, timezone, offset, none }: NextHead): string {
  const later = offset === 0 ? '' : `, each ${minutes(offset)} later by its jitter`;
  const head = `${harmless(words)} (${timezone})${later}`;
  if (times.length === 0) return wrap(`${head}: no time${none === '' ? '' : `; ${none}`}`, page.width);
  return [wrap(head, page.width), ...timeLines(times, page)].join('\n');
}

/** Times in a line each; those that are left out together on a day share one. */
function timeLines(times: readonly TimeView[], { now, style, width }: Page): readonly string[] {
  const rows = grouped(times).map((group) => ({ ...row(group, now), runs: group.first.runs }));
  const broadest = rows.reduce((most, { distance }) => Math.max(most, distance.length), 0);
  return rows.map(({ time, distance, mark, runs }) => {
    const text = `  ${time.padEnd(timeWidth)}  ${distance.padEnd(broadest)}  ${mark}`.trimEnd();
    return runs ? text : style.faint(clip(text, width));
  });
}

/** `Sun 2026-03-29 03:00 +02:00`. */
const timeWidth = 27;

interface Group {
  readonly first: TimeView;
  readonly times: number;
}

function grouped(times: readonly TimeView[]): readonly Group[] {
  const groups: Group[] = [];
  for (const time of times) {
    const last = groups.at(-1);
    if (last && belongsTo(last.first, time)) groups[groups.length - 1] = { ...last, times: last.times + 1 };
    else groups.push({ first: time, times: 1 });
  }
  return groups;
}

function belongsTo(first: TimeView, { runs, kind, wall }: TimeView): boolean {
  return !runs && first.kind === kind && first.wall.startsWith(wall.slice(0, 10));
}

function row({ first, times }: Group, now: number) {
  const { at, runs, wall } = first;
  // A time that the clock does not show has no offset.
  const isShown = first.kind !== 'gap-skipped';
  const local = runs ? at : `${wall}:00${isShown ? at.slice(19) : ''}`;
  const time = times > 1 ? weekdayDate(local) : `${weekdayDate(local)} ${local.slice(11, 16)} ${local.slice(19)}`;
  return { time, distance: runs ? relative(at, now) : '', mark: times > 1 ? manyWords(first, times) : timeMark(first) };
}

function weekdayDate(local: string): string {
  const date = local.slice(0, 10);
  const weekday = new Date(`${date}T00:00Z`).getUTCDay();
  return `${['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][weekday]} ${date}`;
}

/** What became of a time, in words; empty where nothing did. */
export function timeMark({ kind, wall, name }: Pick<TimeView, 'kind' | 'wall' | 'name'>): string {
  const time = wall.slice(11);
  switch (kind) {
    case 'plain':
      return '';
    case 'moved':
      return `moved from ${time}, which is skipped`;
    case 'first-of-two':
      return `the first of two ${time}`;
    case 'second-of-two':
      return `the second of two ${time}`;
    case 'gap-skipped':
      return `skipped: there is no ${time}`;
    case 'not-repeated':
      return 'not repeated';
    case 'excepted':
      return exceptedWords(name);
  }
}

function manyWords(first: TimeView, times: number): string {
  switch (first.kind) {
    case 'gap-skipped':
      return `${count(times, 'time')} skipped, from ${first.wall.slice(11)} on`;
    case 'not-repeated':
      return `${count(times, 'time')} not repeated, from ${first.wall.slice(11)} on`;
    default:
      return `${count(times, 'time')} left out, ${exceptedWords(first.name)}`;
  }
}

function exceptedWords(name: string | null): string {
  return name === null ? 'an excepted date' : `holiday: ${harmless(name)}`;
}

/** Times in short: in a row, or below one another where something became of one of them. */
export function timesText(times: readonly TimeView[]): string {
  const texts = grouped(times).map(({ first, times: many }) => {
    const time = stampMinute(first.runs ? first.at : first.wall);
    if (many > 1) return `${time.slice(0, 10)}, ${manyWords(first, many)}`;
    return first.kind === 'plain' ? time : `${time}, ${timeMark(first)}`;
  });
  return texts.join(times.every(({ kind }) => kind === 'plain') ? ', ' : '\n');
}

function minutes(milliseconds: number): string {
  return milliseconds < 3_600_000 ? count(milliseconds / 60_000, 'minute') : span(milliseconds);
}
