import { exitStatus, UserError } from '../errors.ts';
import { instants } from '../schedule/calendar.ts';
import { formatInstant } from '../schedule/instant.ts';
import { schedulesOf } from '../schedule/job-schedules.ts';
import { parseSchedule } from '../schedule/parse.ts';
import type { Schedule } from '../schedule/schedule.ts';
import { checkExpression } from '../schedule/syntax.ts';
import { describe } from '../schedule/words.ts';
import { hostZone, namedZone, type Zone } from '../schedule/zone.ts';
import type { Page } from '../terminal/page.ts';
import { relative, stampMinute } from '../terminal/when.ts';
import { type Command, jsonOption } from './command.ts';
import { type Context, namedJob, type Options, text, voiceOf, withStore } from './context.ts';

const defaultCount = 10;
const mostCount = 100_000;

export const next: Command = {
  name: 'next',
  summary: 'print the coming times of a job, or of a schedule',
  operands: [['[job]', 'an installed job']],
  options: [
    ['--schedule <expression>', 'a schedule in place of a job'],
    ['--timezone <zone>', 'the time zone to use; that of this machine if not given'],
    ['--from <time>', 'begin after this ISO 8601 time; now if not given'],
    ['--until <time>', 'end at this ISO 8601 time'],
    ['--count <number>', `print so many; default ${defaultCount}, or all up to --until`],
    jsonOption,
  ],
  exits: [
    ['0', 'done; no time at all is an empty list'],
    ['2', 'the schedule or a time cannot be read, or no such job is installed'],
  ],
  examples: ['cronwright next shop/backup', 'cronwright next --schedule "weekdays at 09:00" --count 5'],
  async run(context, [name], options) {
    const zone = wantedZone(options);
    const schedules = await wantedSchedules(context, name, options);
    const from = instant(options, 'from') ?? context.clock.now();
    const found = instants(schedules, zone, from, instant(options, 'until')).take(wantedCount(options));
    const view = Array.from(found, (one) => formatInstant(one, zone));
    voiceOf(context, options).show(view, (times, page) => draw(times, describe(schedules), zone, page));
    return exitStatus.done;
  },
};

function draw(times: readonly string[], words: string, zone: Zone, page: Page): string {
  const head = `${words} (${zone.name})`;
  if (times.length === 0) return `${head}: no time`;
  return [
    head,
    ...times.map((time) => `  ${weekday(time)} ${stampMinute(time)} ${time.slice(19)}  ${relative(time, page.now)}`),
  ].join('\n');
}

function weekday(time: string): string {
  return (
    ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][new Date(`${time.slice(0, 10)}T00:00:00Z`).getUTCDay()] ?? ''
  );
}

async function wantedSchedules(
  context: Context,
  name: string | undefined,
  options: Options,
): Promise<readonly Schedule[]> {
  const expression = text(options, 'schedule');
  if ((name === undefined) === (expression === undefined)) {
    throw new UserError(
      'found both or neither of a job and --schedule, expected one of them',
      'cronwright next --help',
    );
  }
  if (expression !== undefined) return [readExpression(expression)];
  return withStore(context, options, (store) => schedulesOf(namedJob(store, name ?? '').job));
}

function readExpression(expression: string): Schedule {
  const flaw = checkExpression(expression);
  const parsed = parseSchedule(expression);
  if (flaw === undefined && parsed.ok) return parsed.schedule;
  throw new UserError(`cannot read the schedule "${expression}": ${flaw?.message}`, flaw?.hint);
}

function wantedZone(options: Options): Zone {
  const name = text(options, 'timezone');
  return name === undefined ? hostZone() : namedZone(name);
}

function instant(options: Options, name: string): number | undefined {
  const wanted = text(options, name);
  if (wanted === undefined) return undefined;
  const found = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?$/.test(wanted);
  const time = found ? Date.parse(wanted.replace(' ', 'T')) : Number.NaN;
  if (Number.isFinite(time)) return time;
  throw new UserError(`found --${name} ${wanted}, expected a time such as 2026-03-08T00:00:00-05:00`);
}

function wantedCount(options: Options): number {
  const wanted = text(options, 'count') ?? (options.until === undefined ? String(defaultCount) : String(mostCount));
  if (/^[1-9]\d{0,5}$/.test(wanted) && Number(wanted) <= mostCount) return Number(wanted);
  throw new UserError(`found --count ${wanted}, expected a whole number from 1 to ${mostCount}`);
}
