import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { MonthDay } from '../../../src/schedule/calendar/month.ts';
import { calendarPicture } from '../../../src/terminal/human/calendar-picture.ts';
import { job } from '../../../src/terminal/human/job.ts';
import { next } from '../../../src/terminal/human/next.ts';
import { makeStyle } from '../../../src/terminal/style.ts';
import type { JobView, MonthView, TimeView } from '../../../src/terminal/views.ts';
import { jobView, now, pageOf, timeOf, usualSettings } from '../samples.ts';

const page = pageOf();
const head = { words: 'every day at 02:30', timezone: 'Europe/Berlin', offset: 0, none: '' };

function reads(actual: string, expected: string): void {
  assert.equal(`\n${actual}\n`, expected);
}

const summer = (wall: string, changes: Partial<TimeView> = {}) => timeOf(wall, { at: `${wall}:00+02:00`, ...changes });
const leftOut = { runs: false } as const;

suite('the coming times', () => {
  test('are a line each, with what became of them', () => {
    reads(
      next(
        [
          timeOf('2026-11-25T02:30'),
          timeOf('2026-12-25T02:30', { ...leftOut, kind: 'excepted', name: 'Christmas\u001b[2J Day' }),
          timeOf('2026-12-26T02:30', { ...leftOut, kind: 'excepted' }),
          summer('2027-03-28T02:30', { at: '2027-03-28T03:00:00+02:00', kind: 'moved' }),
          summer('2027-10-31T02:30', { kind: 'first-of-two' }),
          timeOf('2027-10-31T02:30', { kind: 'second-of-two' }),
          summer('2028-03-26T02:30', { ...leftOut, kind: 'gap-skipped' }),
          timeOf('2028-10-29T02:30', { ...leftOut, kind: 'not-repeated' }),
        ],
        page,
        head,
      ),
      `
every day at 02:30 (Europe/Berlin)
  Wed 2026-11-25 02:30 +01:00  in 17h
  Fri 2026-12-25 02:30 +01:00           holiday: Christmas Day
  Sat 2026-12-26 02:30 +01:00           an excepted date
  Sun 2027-03-28 03:00 +02:00  in 123d  moved from 02:30, which is skipped
  Sun 2027-10-31 02:30 +02:00  in 340d  the first of two 02:30
  Sun 2027-10-31 02:30 +01:00  in 340d  the second of two 02:30
  Sun 2028-03-26 02:30                  skipped: there is no 02:30
  Sun 2028-10-29 02:30 +01:00           not repeated
`,
    );
  });

  test('that are left out together on a day share a line', () => {
    const many = (date: string, changes: Partial<TimeView>) =>
      ['02:00', '02:20', '02:40'].map((time) => timeOf(`${date}T${time}`, { ...leftOut, ...changes }));
    reads(
      next(
        [
          ...many('2026-12-25', { kind: 'excepted', name: 'Christmas Day' }),
          ...many('2026-12-26', { kind: 'excepted', name: 'Boxing Day, or Saint Stephen’s' }),
          ...many('2027-03-28', { kind: 'gap-skipped' }),
          ...many('2027-10-31', { kind: 'not-repeated' }),
          timeOf('2027-10-31T03:00'),
        ],
        page,
        head,
      ),
      `
every day at 02:30 (Europe/Berlin)
  Fri 2026-12-25                        3 times left out, holiday: Christmas Day
  Sat 2026-12-26                        3 times left out, holiday: Boxing Day, …
  Sun 2027-03-28                        3 times skipped, from 02:00 on
  Sun 2027-10-31                        3 times not repeated, from 02:00 on
  Sun 2027-10-31 03:00 +01:00  in 340d
`,
    );
  });

  test('that run have a line each, and so have those that do not for different reasons', () => {
    const lines = next([timeOf('2026-11-25T02:30'), timeOf('2026-11-25T02:40')], page, head).split('\n');
    assert.equal(lines.length, 3);
    const [one, other] = (['excepted', 'gap-skipped'] as const).map((kind) =>
      timeOf('2026-11-25T02:30', { ...leftOut, kind }),
    );
    assert.equal(
      next(
        [one, other].flatMap((time) => time ?? []),
        page,
        head,
      ).split('\n').length,
      3,
    );
  });

  test('that are later by jitter say so', () => {
    const text = next([timeOf('2026-11-25T02:37')], page, { ...head, offset: 420_000 });
    assert.match(text, /^every day at 02:30 \(Europe\/Berlin\), each 7 minutes later by its jitter\n/);
    assert.match(next([timeOf('2026-11-25T02:37')], page, { ...head, offset: 60_000 }), /each 1 minute later/);
  });

  test('may be none, with the reason where the job has it', () => {
    assert.equal(next([], page, head), 'every day at 02:30 (Europe/Berlin): no time');
    const none = 'its end, 2026-11-01 23:59, has passed';
    assert.equal(
      next([], page, { ...head, none }),
      'every day at 02:30 (Europe/Berlin): no time; its end, 2026-11-01 23:59, has\npassed',
    );
  });
});

/** December 2026 or another month, every day one run, but for the days that are told otherwise. */
function monthOf(month: string, count: number, changes: Readonly<Record<number, Partial<MonthDay>>> = {}): MonthView {
  const days = Array.from({ length: count }, (_, index): MonthDay => {
    const date = `${month}-${String(index + 1).padStart(2, '0')}`;
    const usual = { date, runs: 1, first: '02:30', excepted: false, name: '', clock: null, marks: [] };
    return { ...usual, ...changes[index + 1] };
  });
  return { month, timezone: 'Europe/Berlin', today: '2026-11-24', days };
}

const holiday = { runs: 0, first: null, excepted: true } as const;
const forward = { clock: { from: '2027-03-28T02:00', to: '2027-03-28T03:00' } } as const;
const back = { clock: { from: '2027-10-31T03:00', to: '2027-10-31T02:00' } } as const;

suite('the picture of a month', () => {
  test('has a week in each row, and below it what is special', () => {
    const november = monthOf('2026-11', 30, {
      2: { runs: 24, first: '00:00' },
      3: { runs: 1_440, first: '00:00' },
      4: { runs: 0, first: null },
      26: { ...holiday, name: 'Thanksgiving' },
      27: { ...holiday, name: 'Thanksgiving' },
      28: holiday,
    });
    reads(
      calendarPicture([november], 'every day at 02:30', page),
      `
every day at 02:30 (Europe/Berlin)

November 2026                                                     1,488 runs
 Mon        Tue        Wed        Thu        Fri        Sat        Sun
                                                                    1  02:30
  2  24x     3  1440x   4  -       5  02:30   6  02:30   7  02:30   8  02:30
  9  02:30  10  02:30  11  02:30  12  02:30  13  02:30  14  02:30  15  02:30
 16  02:30  17  02:30  18  02:30  19  02:30  20  02:30  21  02:30  22  02:30
 23  02:30 >24  02:30  25  02:30  26h -      27h -      28h -      29  02:30
 30  02:30

 >  today
 h  26–27: holiday: Thanksgiving
 h  28: an excepted date
`,
    );
  });

  test('tells what a change of the clock does', () => {
    const notes = (view: MonthView) => calendarPicture([view], 'x', page).split('\n\n').at(-1);
    const moved = { kind: 'moved', wall: '2027-03-28T02:30', times: 1 } as const;
    const march = monthOf('2027-03', 31, { 28: { ...forward, first: '03:00', marks: [moved] } });
    assert.equal(notes(march), ' g  28: the clock goes from 02:00 to 03:00; 02:30 is moved behind the gap');
    assert.match(calendarPicture([march], 'x', page), /^ 22 .* {2}28g 03:00$/m);
    const none = { kind: 'gap-skipped', wall: '2027-03-28T02:00', times: 3 } as const;
    assert.equal(
      notes(monthOf('2027-03', 31, { 28: { ...forward, marks: [none] } })),
      ' g  28: the clock goes from 02:00 to 03:00; 3 times from 02:00 are skipped',
    );
    const twice = ['first-of-two', 'second-of-two'].map(
      (kind) => ({ kind, wall: '2027-10-31T02:30', times: 1 }) as MonthDay['marks'][number],
    );
    assert.equal(
      notes(monthOf('2027-10', 31, { 31: { ...back, marks: twice } })),
      ' o  31: the clock goes from 03:00 back to 02:00; 02:30 comes twice',
    );
    const once = { kind: 'not-repeated', wall: '2027-10-31T02:30', times: 1 } as const;
    const first = { ...once, kind: 'first-of-two' } as const;
    assert.equal(
      notes(monthOf('2027-10', 31, { 31: { ...back, ...holiday, name: 'Reformation Day', marks: [first, once] } })),
      ' h  31: holiday: Reformation Day; the clock goes from 03:00 back to 02:00;\n    02:30 is not repeated',
    );
    const apia = { clock: { from: '2011-12-30T00:00', to: '2011-12-31T00:00' }, runs: 0, first: null };
    assert.equal(
      notes(monthOf('2011-12', 31, { 30: apia })),
      ' g  30: the clock goes from 2011-12-30 00:00 to 2011-12-31 00:00',
    );
  });

  test('is followed by the next, and none is broader than 80 columns, with colour or without', () => {
    const busy = { runs: 1_440, first: '00:00' };
    const full = Object.fromEntries(Array.from({ length: 31 }, (_, index) => [index + 1, busy]));
    const views = [monthOf('2026-11', 30, full), monthOf('2027-02', 28, full), monthOf('2027-05', 31, full)];
    const plain = calendarPicture(views, 'every minute', page);
    for (const line of plain.split('\n')) assert.ok(line.length <= 80, line);
    assert.deepEqual(plain.match(/^\w+ 202\d/gm), ['November 2026', 'February 2027', 'May 2027']);
    const painted = calendarPicture(views, 'every minute', { style: makeStyle(true), width: 80, now });
    assert.notEqual(painted, plain);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colour is made of them
    const bare = painted.replace(/\u001b\[\d+m/g, '').replace(/ +$/gm, '');
    assert.equal(bare, plain);
  });
});

suite('the times of a job that is shown', () => {
  const facts = (changes: Partial<JobView>) => {
    const usual = job(jobView, page, usualSettings).split('\n');
    return job({ ...jobView, ...changes }, page, usualSettings)
      .split('\n')
      .filter((line) => !usual.includes(line))
      .map((line) => line.trim());
  };

  test('are below one another where something became of one', () => {
    const moved = timeOf('2027-03-28T02:30', { at: '2027-03-28T03:00:00+02:00', kind: 'moved' });
    const excepted = timeOf('2027-03-29T02:30', { ...leftOut, kind: 'excepted', name: 'Easter Monday' });
    assert.deepEqual(facts({ times: [moved, excepted] }), [
      'next         2027-03-28 03:00, moved from 02:30, which is skipped',
      '2027-03-29 02:30, holiday: Easter Monday',
    ]);
    assert.deepEqual(facts({ times: [] }), ['next         none']);
    const paused = {
      scope: 'all',
      name: '',
      reason: '',
      by: 'ann',
      since: '2026-11-24T09:30:00+01:00',
      until: null,
    } as const;
    assert.deepEqual(facts({ times: [], paused }), [
      'paused       with all jobs, by ann since 2026-11-24 09:30, without an end',
      'next         none while it is paused',
    ]);
  });

  test('are explained by whatever is not as for most jobs', () => {
    assert.deepEqual(
      facts({
        labels: ['night', 'db'],
        hashed: [{ schedule: 'H 3 * * *', standsFor: '17 3 * * *' }],
        jitter: { offsetMs: 900_000, delayMs: 300_000 },
        offsetMs: 420_000,
        dst: { skipped: 'run-after', repeated: 'twice' },
        start: '2026-11-01T00:00',
        end: '2026-12-31T23:59',
        missed: 'run-once',
        startDeadlineMs: 3_600_000,
        lateAfterMs: 600_000,
        warnAfterMs: 7_200_000,
      }),
      [
        'labels       night, db',
        'H            H 3 * * * stands for 17 3 * * *',
        'jitter       each time is 7 minutes later, an offset below 15m 00s; each start',
        'waits up to 5m 00s',
        'dst          skipped times run just after the gap, repeated ones run twice',
        'start        2026-11-01 00:00',
        'end          2026-12-31 23:59',
        'missed       run-once, within 1h 00m',
        'late after   10m 00s',
        'warn after   2h 00m',
      ],
    );
  });

  test('are held back by a pause, which says by whom and until when', () => {
    const since = '2026-11-24T08:00:00+01:00';
    const paused = { scope: 'job', name: 'shop/backup', reason: '', by: 'ann', since, until: null } as const;
    assert.deepEqual(facts({ paused }), ['paused       by ann since 2026-11-24 08:00, without an end']);
    const until = '2026-11-24T12:00:00+01:00';
    assert.deepEqual(facts({ paused: { ...paused, scope: 'label', name: 'night', reason: 'new disks', until } }), [
      'paused       with the label night, by ann since 2026-11-24 08:00, until',
      '2026-11-24 12:00: new disks',
    ]);
    assert.match(facts({ paused: { ...paused, scope: 'all', name: '' } })[0] ?? '', /with all jobs, by ann/);
  });

  test('are not on a few dates, and how many more', () => {
    const days = ['2026-01-01', '2026-11-24', '2026-12-25', '2026-12-26', '2027-01-01', '2027-01-06'];
    const except = days.map((date) => ({ from: date, to: date, name: date === '2026-12-25' ? 'Christmas' : '' }));
    assert.deepEqual(facts({ except }), [
      'except       2026-11-24, 2026-12-25 (Christmas), 2026-12-26, 2 more, 1 past',
    ]);
    assert.deepEqual(facts({ except: [{ from: '2026-12-24', to: '2027-01-06', name: '' }] }), [
      'except       2026-12-24 to 2027-01-06',
    ]);
  });
});
