import { exitStatus, UserError } from '../errors.ts';
import { usualSettings } from '../job/completed.ts';
import type { Job, JobId } from '../job/job.ts';
import { agenda, type Entry } from '../schedule/calendar/agenda.ts';
import { coming, type Stretch } from '../schedule/calendar/coming.ts';
import { calendarOf, type JobTimes, offsetOf, zoneOf } from '../schedule/calendar/job-calendar.ts';
import { daysOfMonth, monthsFrom } from '../schedule/calendar/month.ts';
import { runs } from '../schedule/calendar/occasions.ts';
import { wallAt, wallText, wallTime } from '../schedule/calendar/wall-instant.ts';
import { checkExpression } from '../schedule/expression/syntax.ts';
import { formatInstant } from '../schedule/instant.ts';
import { schedulesOf } from '../schedule/job-schedules.ts';
import { type NamedTime, namedTime } from '../schedule/named-time.ts';
import { describe } from '../schedule/words/words.ts';
import { namedZone, type Zone } from '../schedule/zone/zone.ts';
import { installedJobs } from '../store/registry.ts';
import { calendarPicture } from '../terminal/human/calendar-picture.ts';
import { next as drawNext, timeMark } from '../terminal/human/next.ts';
import { type CalendarEvent, icalendar, utcStamp } from '../terminal/ical.ts';
import { timeView } from '../terminal/time-view.ts';
import type { MonthView } from '../terminal/views.ts';
import { stampMinute } from '../terminal/when.ts';
import { type Command, jsonOption } from './command.ts';
import { type Context, namedJob, type Options, text, voiceOf, withStore, withStoreIfAny } from './context.ts';

const defaultCount = 10;
const mostCount = 100_000;
const mostMonths = 24;
const mostEvents = 5_000;
const icalDays = 90;

export const next: Command = {
  name: 'next',
  summary: 'print the coming times of a job, or of a schedule',
  description: `Print the coming times of a job, or of a schedule, on the clock of its zone, and
what daylight saving or an excepted date made of them. A time without an offset
is on that clock too; a day or a month stands for all of it.`,
  operands: [['[job]', 'an installed job']],
  options: [
    ['--schedule <expression>', 'a schedule in place of a job'],
    ['--timezone <zone>', 'the zone of that schedule; that of this machine if not given'],
    ['--from <time>', 'begin after this time, or with this day or month; now if not given'],
    ['--until <time>', 'end with this time, day or month'],
    ['--count <number>', `print so many; default ${defaultCount}, or all up to --until`],
    ['--calendar', 'draw the month instead, or --count months'],
    ['--ical', `write a file for a calendar program; ${icalDays} days, and all jobs if none is named`],
    ['--marked', 'with --json, also what became of each time'],
    jsonOption,
  ],
  exits: [
    ['0', 'done; no time at all is an empty list'],
    ['2', 'the schedule or a time cannot be read, or no such job is installed'],
  ],
  examples: [
    'cronwright next shop/backup',
    'cronwright next shop/backup --calendar --from 2026-12',
    'cronwright next --ical > jobs.ics',
    'cronwright next --schedule "weekdays at 09:00" --timezone Asia/Tokyo',
  ],
  async run(context, [name], options) {
    refuseContradictions(options);
    const jobs = await wantedJobs(context, name, options);
    if (options.ical === true) return writeIcal(context, options, jobs);
    for (const job of jobs) {
      if (options.calendar === true) showMonths(context, options, job);
      else showTimes(context, options, job);
    }
    return exitStatus.done;
  },
};

/** As much of a job as is shown here. */
type Planned = JobTimes & Pick<Job, 'description' | 'labels'>;

const contradictions = [
  ['ical', 'calendar'],
  ['ical', 'json'],
  ['ical', 'marked'],
  ['calendar', 'marked'],
  ['calendar', 'until'],
] as const;

function refuseContradictions(options: Options): void {
  for (const [one, other] of contradictions) {
    if (options[one] === undefined || options[other] === undefined) continue;
    throw new UserError(`found --${one} and --${other}, expected one of them`, 'cronwright next --help');
  }
  if (options.marked === undefined || options.json !== undefined) return;
  throw new UserError('found --marked without --json', 'leave it out: people see the marks without it');
}

async function wantedJobs(context: Context, name: string | undefined, options: Options): Promise<readonly Planned[]> {
  const expression = text(options, 'schedule');
  const isAll = name === undefined && expression === undefined && options.ical === true;
  if (!isAll && (name === undefined) === (expression === undefined)) {
    const found = `found ${name === undefined ? 'neither a job nor' : 'both a job and'} --schedule`;
    throw new UserError(`${found}, expected one of them`, 'cronwright next --help');
  }
  if (expression !== undefined) return [scheduleAlone(expression, text(options, 'timezone'))];
  if (isAll) {
    refuseZone(options, 'jobs that are installed, each of which has its own');
    return withStoreIfAny(context, options, (store) => (store ? installedJobs(store).map(({ job }) => job) : []));
  }
  return withStore(context, options, (store) => {
    const { job } = namedJob(store, name ?? '');
    refuseZone(options, `${job.id}, which has its own: ${zoneOf(job).name}`);
    return [job];
  });
}

/** Seen from elsewhere, an installed job runs at the same instants: another zone would only make it look different. */
function refuseZone(options: Options, whose: string): void {
  if (options.timezone === undefined) return;
  throw new UserError(
    `found --timezone for ${whose}`,
    'it goes with --schedule; timezone: of the jobs file sets that of a job',
  );
}

function scheduleAlone(expression: string, timezone = ''): Planned {
  const flaw = checkExpression(expression);
  if (flaw) throw new UserError(`cannot read the schedule "${expression}": ${flaw.message}`, flaw.hint);
  if (timezone !== '') namedZone(timezone);
  // Without a job's name it is the text that settles an H.
  return { ...usualSettings, id: expression as JobId, schedule: [expression], timezone, description: '' };
}

function showTimes(context: Context, options: Options, job: Planned): void {
  const zone = zoneOf(job);
  const stretch = wantedStretch(context, options, zone);
  const format = (instant: number) => formatInstant(instant, zone);
  const marked = () => coming(job, zone, stretch).flatMap((one) => timeView(one, runs(one), format));
  const slots = () => Array.from(calendarOf(job, zone).slots(stretch.from, stretch.until).take(stretch.count), format);
  const head = {
    words: describe(schedulesOf(job)),
    timezone: zone.name,
    offset: offsetOf(job),
    none: noneWords(job, zone, stretch, options.from === undefined ? 'now' : '--from'),
  };
  const view: readonly unknown[] = options.json === true && options.marked !== true ? slots() : marked();
  voiceOf(context, options).show(view, (_view, page) => drawNext(marked(), page, head));
}

/**
 * Why no time comes, as far as the job itself or the stretch says it.
 * @param begin what names the beginning of the stretch.
 */
function noneWords(job: JobTimes, zone: Zone, { from, until }: Stretch, begin: string): string {
  const { start, end } = job;
  if (until !== undefined && until <= from) return `--until is not after ${begin}`;
  if (schedulesOf(job).every(({ kind }) => kind === 'reboot')) return 'it runs when the machine starts';
  if (end !== '' && wallTime(end) < wallAt(from - offsetOf(job), zone))
    return `its end, ${stampMinute(end)}, has passed`;
  if (start !== '' && until !== undefined && wallAt(until, zone) < wallTime(start)) {
    return `its start, ${stampMinute(start)}, comes later`;
  }
  return '';
}

function showMonths(context: Context, options: Options, job: Planned): void {
  const zone = zoneOf(job);
  const now = context.clock.now();
  const first = wallAt(wantedTime(options, 'from', zone)?.first ?? now, zone);
  const view = monthsFrom(first, wantedCount(options, 1, mostMonths)).map(
    (month): MonthView => ({
      month: wallText(month).slice(0, 7),
      timezone: zone.name,
      today: wallText(wallAt(now, zone)).slice(0, 10),
      days: daysOfMonth(job, zone, month),
    }),
  );
  voiceOf(context, options).show(view, (months, page) => calendarPicture(months, describe(schedulesOf(job)), page));
}

function writeIcal(context: Context, options: Options, jobs: readonly Planned[]): number {
  const [only] = jobs;
  const zone = zoneOf(jobs.length === 1 && only ? only : usualSettings);
  const { from, until = from + icalDays * 86_400_000 } = wantedStretch(context, options, zone);
  const most = wantedCount(options, mostEvents, mostEvents);
  const { entries, isCut } = agenda(jobs, zoneOf(usualSettings), { from, until, most });
  const head = {
    name: jobs.length === 1 && only ? only.id : `cronwright on ${context.host}`,
    version: context.version,
    now: context.clock.now(),
  };
  context.out.write(
    icalendar(
      entries.map((entry) => eventOf(entry, context.host)),
      head,
    ),
  );
  if (isCut) {
    context.err.write(
      `the calendar has ${most.toLocaleString('en')} events, which is not all: it has the first ones of each job\n`,
    );
  }
  return exitStatus.done;
}

function eventOf({ job, occasion }: Entry<Planned>, host: string): CalendarEvent {
  const { at, kind } = occasion;
  const zone = zoneOf(job);
  const isMarked = kind !== 'plain' && kind !== 'before-start' && kind !== 'after-end';
  const mark = isMarked ? timeMark({ ...occasion, kind }) : '';
  const words = `${describe(schedulesOf(job))} (${zone.name})`;
  return {
    uid: `${job.id}/${utcStamp(at)}@${host}`,
    at,
    summary: job.id,
    description: [job.description, words, mark].filter((line) => line !== '').join('\n'),
    categories: job.labels,
  };
}

function wantedStretch(context: Context, options: Options, zone: Zone): Stretch {
  const from = wantedTime(options, 'from', zone);
  const until = wantedTime(options, 'until', zone)?.last;
  const isWhole = from !== undefined && from.last > from.first;
  return {
    // A day or a month counts from its first instant on.
    from: from === undefined ? context.clock.now() : from.first - (isWhole ? 1 : 0),
    until,
    count: wantedCount(options, until === undefined ? defaultCount : mostCount, mostCount),
  };
}

function wantedTime(options: Options, name: string, zone: Zone): NamedTime | undefined {
  const wanted = text(options, name);
  if (wanted === undefined) return undefined;
  const found = namedTime(wanted, zone);
  if (found) return found;
  throw new UserError(
    `found --${name} ${wanted}, expected a month, a day or a time`,
    'such as 2026-03, 2026-03-08, "2026-03-08 02:30" or 2026-03-08T02:30-05:00',
  );
}

function wantedCount(options: Options, usual: number, most: number): number {
  const wanted = text(options, 'count') ?? String(usual);
  if (/^[1-9]\d{0,5}$/.test(wanted) && Number(wanted) <= most) return Number(wanted);
  throw new UserError(`found --count ${wanted}, expected a whole number from 1 to ${most}`);
}
