import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Job } from '../../../src/job/job.ts';
import { instantsOf } from '../../../src/schedule/calendar/calendar.ts';
import { calendarOf } from '../../../src/schedule/calendar/job-calendar.ts';
import { dateMatches } from '../../../src/schedule/calendar/wall.ts';
import { schedulesOf } from '../../../src/schedule/job-schedules.ts';
import type { Fields } from '../../../src/schedule/schedule.ts';
import { namedZone } from '../../../src/schedule/zone/zone.ts';
import { temporaryDirectory } from '../../temporary.ts';
import { account, adopted, startedBy } from './adopted.ts';
import { type CronEntry, readCronTable } from './debian-cron.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/crontabs');
const folder = temporaryDirectory();
const minuteMs = 60_000;
const dayMs = 1_440 * minuteMs;
/** A week from the last Wednesday of a February on: it has the end of a month, the start of one and each weekday. */
const week = { from: Date.UTC(2026, 1, 25), until: Date.UTC(2026, 2, 4) };

const tables = ['user', 'system', 'kept'].flatMap((kind) =>
  readdirSync(join(fixtures, kind)).map((name) => ({ kind, name: name.replace(/\.crontab$/, '') })),
);

test('The corpus has at least 60 tables that can be adopted whole, and ten that cannot', () => {
  assert.ok(tables.filter(({ kind }) => kind !== 'kept').length >= 60);
  assert.ok(tables.filter(({ kind }) => kind === 'kept').length >= 10);
});

for (const { kind, name } of tables) {
  test(`${name}: a week of the jobs is a week of the ${kind === 'system' ? 'system table' : 'crontab'}`, () => {
    const bytes = readFileSync(join(fixtures, kind, `${name}.crontab`));
    const system = kind === 'system';
    const cron = readCronTable(bytes, { system, owner: 'root', homeOf: (user) => account(user).home });
    const { jobs, obstructed } = adopted(bytes, { system, folder });
    if (kind !== 'kept') assert.deepEqual(obstructed, []);
    const entries = cron.entries.filter(({ line }) => !obstructed.includes(line) && !isOwn(bytes, line));
    assert.deepEqual(
      [...jobs.keys()],
      entries.map(({ line }) => line),
    );
    // The jobs of a system table go into another one, which sets nothing.
    const above = system ? {} : Object.fromEntries(cron.end);
    for (const entry of entries) compare(entry, jobs.get(entry.line) as Job, above);
  });
}

/** A line of cronwright's own. */
function isOwn(bytes: Buffer, line: number): boolean {
  return /\/cronwright (?:run|tick)/.test(bytes.toString().split('\n')[line - 1] ?? '');
}

function compare(entry: CronEntry, job: Job, above: Readonly<Record<string, string>>): void {
  const where = `line ${entry.line}`;
  assert.deepEqual(minutesOfJob(job), minutesOfEntry(entry), where);
  assert.equal(
    schedulesOf(job).some(({ kind }) => kind === 'reboot'),
    entry.reboot,
    where,
  );
  if (!entry.reboot) compareYears(entry, job, where);
  const started = startedBy(job, above);
  // Cron sets no USER; every task of cronwright has it.
  if (entry.env.USER === undefined) delete (started.env as Record<string, string>).USER;
  const { shell, command, env, stdin, user } = entry;
  assert.deepEqual(started, { shell, command, env, stdin, user }, where);
}

function minutesOfJob(job: Job): readonly number[] {
  return [...calendarOf(job, namedZone('UTC')).slots(week.from - 1, week.until - 1)];
}

function minutesOfEntry(entry: CronEntry): readonly number[] {
  const minutes = (week.until - week.from) / minuteMs;
  const all = Array.from({ length: minutes }, (_, index) => week.from + index * minuteMs);
  return all.filter((at) => entry.isDue(new Date(at)));
}

/** The days of four years, which no week has, and the times of a day. */
function compareYears(entry: CronEntry, job: Job, where: string): void {
  const [schedule] = schedulesOf(job);
  assert.equal(schedule?.kind, 'calendar', where);
  const fields = schedule.fields as Fields;
  const from = Date.UTC(2026, 0, 1) / dayMs;
  for (let day = from; day < from + 4 * 366; day++) {
    assert.equal(dateMatches(fields, day), entry.isDay(new Date(day * dayMs)), `${where}, day ${day}`);
  }
  for (const [index, name] of (['minute', 'hour'] as const).entries()) {
    const values = (entry.sets[index] ?? []).flatMap((named, value) => (named ? [value] : []));
    assert.deepEqual(fields[name].values, values, where);
  }
}

/** On a host with daylight saving, fixed times are made up for and wildcards are not: cron(8). */
test('On the nights of daylight saving the jobs keep to the manner of their entries', () => {
  const zone = namedZone('America/New_York');
  const bytes = readFileSync(join(fixtures, 'user/daylight.crontab'));
  const { jobs } = adopted(bytes, { system: false, folder });
  const due = (line: number, from: string, until: string) => {
    const schedules = schedulesOf(jobs.get(line) as Job);
    const slots = instantsOf(schedules, zone, (jobs.get(line) as Job).dst);
    const found: string[] = [];
    for (let at = slots.next(Date.parse(from) - 1); at !== undefined && at < Date.parse(until); at = slots.next(at)) {
      found.push(new Date(at).toISOString().slice(11, 16));
    }
    return found.join(' ');
  };
  const spring = ['2026-03-08T06:00Z', '2026-03-08T08:00Z'] as const;
  const autumn = ['2026-11-01T05:00Z', '2026-11-01T08:00Z'] as const;
  assert.equal(due(1, ...spring), '07:00');
  assert.equal(due(2, ...spring), '06:00 06:30 07:00 07:30');
  assert.equal(due(2, ...autumn), '05:00 05:30 06:00 06:30 07:00 07:30');
  assert.equal(due(3, ...spring), '07:00');
});
