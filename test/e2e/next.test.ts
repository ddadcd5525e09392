import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { pause } from '../../src/store/pauses.ts';
import { openExistingStore } from '../../src/store/store.ts';
import type { JobView, MonthView, TimeView } from '../../src/terminal/views.ts';
import { writeFile } from '../temporary.ts';
import { readCalendar, skipWithoutReader } from '../terminal/calendar-reader.ts';
import { newPlace, type Place } from './place.ts';
import { builtProgram } from './program.ts';

const launcher = builtProgram();

const holidays = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'PRODID:-//example//holidays//EN',
  'BEGIN:VEVENT',
  'UID:1@example',
  'DTSTAMP:20260101T000000Z',
  'DTSTART;VALUE=DATE:20261225',
  'SUMMARY:Christmas Day',
  'END:VEVENT',
  'END:VCALENDAR',
  '',
].join('\r\n');

const jobs = `timezone: Europe/Berlin
jobs:
  backup:
    description: Copies; everything, at night
    schedule: "30 2 * * *"
    command: "true"
    labels: [night]
    except: [2026-12-31, { file: holidays.ics }]
  skips: { schedule: "30 2 * * *", command: "true", dst: { skipped: skip, repeated: twice } }
  spread: { schedule: H 3 * * *, command: "true", jitter: { offset: 30m, delay: 5m } }
  over: { schedule: hourly, command: "true", end: 2020-01-01 }
  begins: { schedule: daily at 08:00, command: "true", start: 2060-01-01 }
  boot: { schedule: "@reboot", command: "true" }
  often: { schedule: "* * * * *", command: "true", timezone: America/New_York }
`;

async function installed(t: TestContext): Promise<Place> {
  const place = newPlace(t, launcher);
  writeFile(place.path, 'holidays.ics', holidays);
  await place.install(jobs);
  return place;
}

const inMarch = ['--from', '2026-03-28', '--count', '2'];

describe('next for an installed job', { concurrency: true }, () => {
  it('prints instants on the clock of its zone, without those that it leaves out', async (t) => {
    const place = await installed(t);
    assert.deepEqual(await place.json(['next', 'backup', '--from', '2026-12-24', '--count', '2']), [
      '2026-12-24T02:30:00+01:00',
      '2026-12-26T02:30:00+01:00',
    ]);
    assert.deepEqual(await place.json(['next', 'backup', ...inMarch]), [
      '2026-03-28T02:30:00+01:00',
      '2026-03-29T03:00:00+02:00',
    ]);
    assert.deepEqual(await place.json(['next', 'skips', ...inMarch]), [
      '2026-03-28T02:30:00+01:00',
      '2026-03-30T02:30:00+02:00',
    ]);
    const night = ['--from', '2026-10-25', '--until', '2026-10-25'];
    assert.deepEqual(await place.json(['next', 'skips', ...night]), [
      '2026-10-25T02:30:00+02:00',
      '2026-10-25T02:30:00+01:00',
    ]);
  });

  it('marks for a program what became of each time', async (t) => {
    const place = await installed(t);
    const times = await place.json<readonly TimeView[]>([
      'next',
      'backup',
      '--marked',
      '--from',
      '2026-12-25',
      '--count',
      '1',
    ]);
    assert.deepEqual(times, [
      {
        at: '2026-12-25T02:30:00+01:00',
        runs: false,
        kind: 'excepted',
        wall: '2026-12-25T02:30',
        name: 'Christmas Day',
      },
      { at: '2026-12-26T02:30:00+01:00', runs: true, kind: 'plain', wall: '2026-12-26T02:30', name: null },
    ]);
    const kinds = async (...words: string[]) =>
      (await place.json<readonly TimeView[]>(['next', ...words, '--marked'])).map(({ kind }) => kind);
    assert.deepEqual(await kinds('backup', ...inMarch), ['plain', 'moved']);
    assert.deepEqual(await kinds('skips', ...inMarch), ['plain', 'gap-skipped', 'plain']);
    assert.deepEqual(await kinds('backup', '--from', '2026-10-25', '--until', '2026-10-25'), [
      'first-of-two',
      'not-repeated',
    ]);
  });

  it('tells a person the same in words', async (t) => {
    const place = await installed(t);
    const { out } = await place.cronwright(['next', 'backup', '--from', '2026-12-25', '--count', '1']);
    assert.match(out, /^every day at 02:30 \(Europe\/Berlin\)\n/);
    assert.match(out, /^ {2}Fri 2026-12-25 02:30 \+01:00 .*holiday: Christmas Day$/m);
    const moved = await place.cronwright(['next', 'backup', ...inMarch]);
    assert.match(moved.out, /^ {2}Sun 2026-03-29 03:00 \+02:00 .*moved from 02:30, which is skipped$/m);
    const skipped = await place.cronwright(['next', 'skips', ...inMarch]);
    assert.match(skipped.out, /^ {2}Sun 2026-03-29 02:30 .*skipped: there is no 02:30$/m);
  });

  it('says why nothing comes, as far as the job has it', async (t) => {
    const place = await installed(t);
    const said = async (...words: string[]) => {
      const { status, out } = await place.cronwright(['next', ...words]);
      assert.equal(status, 0);
      assert.deepEqual(await place.json(['next', ...words]), []);
      return out.replaceAll('\n', ' ').trim();
    };
    assert.match(await said('over'), /: no time; its end, 2020-01-01 23:59, has passed$/);
    assert.match(await said('boot'), /: no time; it runs when the machine starts$/);
    assert.match(await said('begins', '--until', '2059-12'), /: no time; its start, 2060-01-01 00:00, comes later$/);
    assert.match(await said('backup', '--until', '2020-01-01'), /: no time; --until is not after now$/);
    const backwards = ['--from', '2027-02', '--until', '2027-01'];
    assert.match(await said('backup', ...backwards), /: no time; --until is not after --from$/);
  });

  it('takes no other zone than its own', async (t) => {
    const place = await installed(t);
    const { status, out, err } = await place.cronwright(['next', 'backup', '--timezone', 'UTC']);
    assert.deepEqual({ status, out }, { status: 2, out: '' });
    assert.match(err, /found --timezone for shop\/backup, which has its own: Europe\/Berlin\n/);
    assert.match(err, /--schedule/);
    const all = await place.cronwright(['next', '--ical', '--timezone', 'UTC']);
    assert.equal(all.status, 2);
  });
});

describe('next for a schedule alone', { concurrency: true }, () => {
  const next = async (t: TestContext, ...words: string[]) => {
    const place = newPlace(t, launcher);
    return place.json<readonly string[]>(['next', ...words]);
  };

  it('reads times on the clock of its zone, or by their offset, and days and months whole', async (t) => {
    const midnight = ['--schedule', '@daily', '--timezone', 'Asia/Kathmandu'];
    assert.deepEqual(await next(t, ...midnight, '--from', '2026-12-30', '--until', '2026-12-31'), [
      '2026-12-30T00:00:00+05:45',
      '2026-12-31T00:00:00+05:45',
    ]);
    assert.equal((await next(t, ...midnight, '--from', '2026-02', '--until', '2026-02')).length, 28);
    const after = await next(t, ...midnight, '--from', '2026-12-30T00:00', '--count', '1');
    assert.deepEqual(after, ['2026-12-31T00:00:00+05:45']);
    assert.deepEqual(await next(t, ...midnight, '--from', '2026-12-30T00:00Z', '--count', '1'), after);
  });

  it('settles an H by the text', async (t) => {
    const [one, two] = await Promise.all(
      [0, 1].map(() => next(t, '--schedule', 'H H * * *', '--count', '1', '--from', '2026-12-30')),
    );
    assert.deepEqual(one, two);
  });

  for (const [what, words] of [
    ['a month in words', ['--from', 'december']],
    ['a day that does not exist', ['--until', '2026-02-30']],
    ['a calendar as JSON of another kind', ['--ical', '--json']],
    ['a picture that is a file', ['--ical', '--calendar']],
    ['marks without JSON', ['--marked']],
    ['a picture with an end', ['--calendar', '--until', '2026-12']],
    ['more months than anybody looks at', ['--calendar', '--count', '25']],
    ['more events than a calendar has room for', ['--ical', '--count', '5001']],
  ] as const) {
    it(`is refused: ${what}`, async (t) => {
      const place = newPlace(t, launcher);
      const { status, out, err } = await place.cronwright(['next', '--schedule', '@daily', ...words]);
      assert.deepEqual({ status, out }, { status: 2, out: '' });
      assert.match(err, /found (?:--)?/);
    });
  }
});

describe('next --calendar', { concurrency: true }, () => {
  it('draws the month that is asked for, and the ones after it', async (t) => {
    const place = await installed(t);
    const { out } = await place.cronwright(['next', 'backup', '--calendar', '--from', '2026-12', '--count', '2']);
    assert.match(out, /^December 2026 +29 runs\n Mon +Tue +Wed +Thu +Fri +Sat +Sun\n/m);
    assert.match(out, /^ 21 {2}02:30 .* 25h - {6}26 {2}02:30 .*$/m);
    assert.match(out, /^ h {2}25: holiday: Christmas Day\n h {2}31: an excepted date$/m);
    assert.match(out, /^January 2027 +31 runs$/m);
    for (const line of out.split('\n')) assert.ok(line.length <= 80, line);
  });

  it('has the same for a program', async (t) => {
    const place = await installed(t);
    const months = await place.json<readonly MonthView[]>(['next', 'often', '--calendar', '--from', '2026-11-30']);
    assert.deepEqual(
      months.map(({ month, timezone }) => [month, timezone]),
      [['2026-11', 'America/New_York']],
    );
    const first = months[0]?.days[0];
    assert.deepEqual([first?.date, first?.runs], ['2026-11-01', 1_500]);
    assert.deepEqual(first?.clock, { from: '2026-11-01T02:00', to: '2026-11-01T01:00' });
  });
});

describe('next --ical', { concurrency: true }, () => {
  it('is read by others as the times that --json prints', { skip: skipWithoutReader }, async (t) => {
    const place = await installed(t);
    const until = ['--from', '2026-03-01', '--until', '2026-12-31'];
    const { out, err } = await place.cronwright(['next', 'backup', '--ical', ...until]);
    assert.equal(err, '');
    const { events } = readCalendar(out);
    const instants = await place.json<readonly string[]>(['next', 'backup', ...until]);
    assert.deepEqual(
      events.map(({ start }) => Date.parse(start)),
      instants.map((instant) => Date.parse(instant)),
    );
    assert.equal(new Set(events.map(({ uid }) => uid)).size, events.length);
    const moved = events.find(({ start }) => start === '2026-03-29T01:00:00+00:00');
    assert.equal(moved?.summary, 'shop/backup');
    assert.deepEqual(moved?.categories, ['night']);
    assert.equal(
      moved?.description,
      'Copies; everything, at night\nevery day at 02:30 (Europe/Berlin)\nmoved from 02:30, which is skipped',
    );
  });

  it('has the same names for the same times when it is written again', { skip: skipWithoutReader }, async (t) => {
    const place = await installed(t);
    const uids = async (from: string) => {
      const { out } = await place.cronwright(['next', 'backup', '--ical', '--from', from, '--until', '2026-12-10']);
      return readCalendar(out).events.map(({ uid }) => uid);
    };
    const [first, again] = [await uids('2026-12-01'), await uids('2026-12-05')];
    assert.deepEqual(again, first.slice(4));
  });

  it('has all jobs, those with few times whole, and says that there is no room for the rest', {
    skip: skipWithoutReader,
  }, async (t) => {
    const place = await installed(t);
    const { status, out, err } = await place.cronwright(['next', '--ical', '--from', '2026-12-01']);
    assert.equal(status, 0);
    const { events } = readCalendar(out);
    assert.equal(events.length, 5_000);
    assert.match(err, /^the calendar has 5,000 events, which is not all: it has the first ones of each job\n$/);
    const counts = Object.groupBy(events, ({ summary }) => summary);
    assert.deepEqual(Object.keys(counts).sort(), ['shop/backup', 'shop/often', 'shop/skips', 'shop/spread']);
    // 90 days, two of them excepted.
    assert.deepEqual([counts['shop/backup']?.length, counts['shop/skips']?.length], [88, 90]);
  });

  it('is a calendar without events where nothing is installed', async (t) => {
    const place = newPlace(t, launcher);
    const { status, out, err } = await place.cronwright(['next', '--ical']);
    assert.deepEqual({ status, err }, { status: 0, err: '' });
    assert.match(out, /^BEGIN:VCALENDAR\r\n.*\r\nEND:VCALENDAR\r\n$/s);
    assert.doesNotMatch(out, /VEVENT/);
  });
});

describe('show', () => {
  it('tells what a job says of its times', async (t) => {
    const place = await installed(t);
    const view = await place.json<JobView>(['show', 'spread']);
    const [{ schedule, standsFor } = { schedule: '', standsFor: '' }] = view.hashed;
    assert.equal(schedule, 'H 3 * * *');
    assert.match(standsFor, /^[0-5]?\d 3 \* \* \*$/);
    assert.equal(view.timezone, 'Europe/Berlin');
    assert.deepEqual(view.jitter, { offsetMs: 1_800_000, delayMs: 300_000 });
    const minute = Number(standsFor.split(' ')[0]) + view.offsetMs / 60_000;
    const [time] = view.times;
    const shown = `${String(3 + Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
    assert.equal(time?.at.slice(11, 16), shown);
    assert.equal(Date.parse(view.next[0] ?? ''), Date.parse(time?.at ?? ''));
    const { out } = await place.cronwright(['show', 'spread']);
    assert.ok(out.includes(`\n  H            H 3 * * * stands for ${standsFor}\n`), out);
    assert.match((await place.cronwright(['show', 'over'])).out, /\n {2}next {9}none\n {2}end {10}2020-01-01 23:59\n/);
    const { except } = await place.json<JobView>(['show', 'backup']);
    assert.deepEqual(except, [
      { from: '2026-12-25', to: '2026-12-25', name: 'Christmas Day' },
      { from: '2026-12-31', to: '2026-12-31', name: '' },
    ]);
  });

  it('tells what holds a job back, and what comes after that', async (t) => {
    const place = await installed(t);
    const asked = { scope: 'label', name: 'night', reason: 'new disks', by: 'ann', at: Date.now() } as const;
    const paused = async (until: number | null) => {
      const store = openExistingStore(place.state);
      pause(store, { ...asked, until });
      store.close();
      return place.json<JobView>(['show', 'backup']);
    };
    const until = Date.parse('2060-01-01T02:30:00+01:00');
    const view = await paused(until);
    assert.deepEqual(
      [view.paused?.name, view.paused?.reason, Date.parse(view.paused?.until ?? '')],
      ['night', 'new disks', until],
    );
    assert.deepEqual([view.times[0]?.at, Date.parse(view.next[0] ?? '')], ['2060-01-01T02:30:00+01:00', until]);
    const endless = await paused(null);
    assert.deepEqual([endless.paused?.until, endless.next, endless.times], [null, [], []]);
    const { out } = await place.cronwright(['show', 'backup']);
    assert.match(out, /\n {2}paused {7}with the label night, by ann since .*\n/);
    assert.equal((await place.json<JobView>(['show', 'skips'])).paused, null);
  });
});
