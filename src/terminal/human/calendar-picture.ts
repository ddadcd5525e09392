import type { DayMark, MonthDay } from '../../schedule/calendar/month.ts';
import { harmless, wrap } from '../layout.ts';
import { count, type Page } from '../page.ts';
import type { MonthView } from '../views.ts';

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const months = 'January February March April May June July August September October November December'.split(' ');

/** `>24h 08:00 `: a mark for today, the date, a mark for what is said below, the time or how often; then a gap. */
const cellWidth = 11;
const pictureWidth = cellWidth * weekdays.length;

/** Months as a person finds them on the wall, weeks beginning with Monday, with what is special below each. */
export function calendarPicture(views: readonly MonthView[], words: string, page: Page): string {
  const [first] = views;
  const head = wrap(`${harmless(words)}${first ? ` (${first.timezone})` : ''}`, page.width);
  return [head, ...views.map((view) => monthPicture(view, page))].join('\n\n');
}

function monthPicture({ month, days, today }: MonthView, page: Page): string {
  const { style } = page;
  const title = `${months[Number(month.slice(5)) - 1]} ${month.slice(0, 4)}`;
  const total = count(
    days.reduce((sum, { runs }) => sum + runs, 0),
    'run',
  );
  const lines = [
    style.strong(`${title.padEnd(pictureWidth - total.length - 1)}${total}`),
    style.faint(
      weekdays
        .map((day) => ` ${day}`.padEnd(cellWidth))
        .join('')
        .trimEnd(),
    ),
    ...weeksOf(days).map((week) => weekLine(week, today, page)),
  ];
  const notes = notesOf(days, today);
  return [...lines, ...(notes.length === 0 ? [] : ['']), ...notes.map((note) => hanging(note, page.width))].join('\n');
}

type Week = readonly (MonthDay | undefined)[];

function weeksOf(days: readonly MonthDay[]): readonly Week[] {
  const blanks = (new Date(`${days[0]?.date}T00:00Z`).getUTCDay() + 6) % 7;
  const cells: readonly (MonthDay | undefined)[] = [...Array<undefined>(blanks).fill(undefined), ...days];
  return Array.from({ length: Math.ceil(cells.length / 7) }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}

function weekLine(week: Week, today: string, page: Page): string {
  return week
    .map((day) => (day === undefined ? ' '.repeat(cellWidth) : dayCell(day, today, page)))
    .join('')
    .trimEnd();
}

function dayCell(day: MonthDay, today: string, { style }: Page): string {
  const date = `${day.date === today ? '>' : ' '}${dateNumber(day).padStart(2)}${markOf(day).padEnd(1)}`;
  const text = `${date} ${runsText(day)}`;
  const paint = day.date === today ? style.strong : paintOf(day, today, style);
  return `${paint(text)}${' '.repeat(cellWidth - text.length)}`;
}

function paintOf(day: MonthDay, today: string, style: Page['style']): (text: string) => string {
  if (markOf(day) !== '') return style.warn;
  return day.runs === 0 || day.date < today ? style.faint : (text) => text;
}

function runsText({ runs, first }: MonthDay): string {
  if (runs === 0) return '-';
  return runs === 1 ? (first ?? '') : `${runs}x`;
}

function markOf({ excepted, clock }: MonthDay): string {
  if (excepted) return 'h';
  if (clock === null) return '';
  return clock.to > clock.from ? 'g' : 'o';
}

function dateNumber({ date }: MonthDay): string {
  return String(Number(date.slice(8)));
}

/** What the marks mean, in the order of the dates: excepted ones in a row that are called the same are one. */
function notesOf(days: readonly MonthDay[], today: string): readonly string[] {
  const stretches: { first: MonthDay; last: MonthDay }[] = [];
  for (const day of days.filter((one) => markOf(one) !== '')) {
    const before = stretches.at(-1);
    if (before && continues(before.last, day)) before.last = day;
    else stretches.push({ first: day, last: day });
  }
  const notes = stretches.map(({ first, last }) => {
    const dates = first === last ? dateNumber(first) : `${dateNumber(first)}–${dateNumber(last)}`;
    return `${markOf(first)}  ${dates}: ${dayWords(first)}`;
  });
  return days.some(({ date }) => date === today) ? ['>  today', ...notes] : notes;
}

function continues(last: MonthDay, day: MonthDay): boolean {
  const both = [last, day];
  const isNext = Date.parse(day.date) - Date.parse(last.date) === 86_400_000;
  return isNext && both.every(({ excepted, clock }) => excepted && clock === null) && last.name === day.name;
}

function dayWords(day: MonthDay): string {
  const holiday = day.name === '' ? 'an excepted date' : `holiday: ${harmless(day.name)}`;
  return [...(day.excepted ? [holiday] : []), ...(day.clock ? [clockWords(day)] : [])].join('; ');
}

function clockWords({ clock, marks }: MonthDay): string {
  const [from = '', to = ''] = [clock?.from, clock?.to];
  const isSameDay = from.slice(0, 10) === to.slice(0, 10);
  const [left, reached] = isSameDay ? [from.slice(11), to.slice(11)] : [from.replace('T', ' '), to.replace('T', ' ')];
  const change =
    to > from ? `the clock goes from ${left} to ${reached}` : `the clock goes from ${left} back to ${reached}`;
  return [change, ...marks.map(markWords)].filter((words) => words !== '').join('; ');
}

function markWords({ kind, wall, times }: DayMark): string {
  const what = times === 1 ? wall.slice(11) : `${count(times, 'time')} from ${wall.slice(11)}`;
  const verb = times === 1 ? 'is' : 'are';
  switch (kind) {
    case 'moved':
      return `${what} ${verb} moved behind the gap`;
    case 'gap-skipped':
      return `${what} ${verb} skipped`;
    case 'not-repeated':
      return `${what} ${verb} not repeated`;
    case 'first-of-two':
      // What becomes of the second one says it.
      return '';
    case 'second-of-two':
      return `${what} ${times === 1 ? 'comes' : 'come'} twice`;
  }
}

/** A note, its further lines below its first word. */
function hanging(note: string, width: number): string {
  const margin = '    ';
  return ` ${wrap(note, width, margin).trimStart()}`;
}
