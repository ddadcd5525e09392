import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { temporaryDirectory, writeFile } from '../../temporary.ts';
import { codes, findings, ofJob } from './rig.ts';

const directory = temporaryDirectory();
const of = (schedule: string, settings: string) => ofJob(directory, schedule, settings);

function only(schedule: string, settings: string) {
  const found = of(schedule, settings);
  assert.equal(found.length, 1, String(codes(found)));
  return [found[0]?.where.replace('3: ', ''), found[0]?.message];
}

describe('a job that never runs', () => {
  it('has its end before its start', () => {
    assert.deepEqual(only('daily at 05:00', 'start: 2027-01-01, end: 2026-12-24'), [
      '2026-12-24 never-runs',
      'found the end at 2026-12-24 23:59, before the start at 2027-01-01 00:00: a never runs',
    ]);
  });

  it('has no day before its end', () => {
    assert.deepEqual(only('0 5 24 12 *', 'start: 2027-01-01, end: 2027-12-23'), [
      '0 5 24 12 * never-runs',
      'found no time of this schedule from 2027-01-01 00:00 to the end at 2027-12-23 23:59: it never runs',
    ]);
    assert.deepEqual(only('every 90m from 2028-01-01', 'end: 2027-12-24')[0], 'every 90m from 2028-01-01 never-runs');
    assert.deepEqual(of('0 5 24 12 *', 'start: 2027-01-01, end: 2027-12-24'), []);
  });

  it('has every date excepted', () => {
    assert.deepEqual(only('0 5 * * *', 'except: 2020-01-01 to 2099-12-31'), [
      'except never-runs',
      'found no time of 0 5 * * * that is not excepted, beginning with 2026-11-25 05:00: a never runs',
    ]);
    assert.deepEqual(of('0 5 * * *', 'except: 2026-01-01 to 2026-12-31'), []);
  });

  it('is judged schedule by schedule', () => {
    const text =
      'jobs:\n  a: { schedule: [daily at 05:00, "0 5 24 12 *"], command: "true", start: 2026-01-01, end: 2026-12-01 }\n';
    assert.deepEqual(
      findings(directory, text).map(({ where }) => where),
      ['3: 0 5 24 12 * never-runs'],
    );
  });
});

describe('an end that has passed', () => {
  it('is found, on the clock of the job', () => {
    assert.deepEqual(only('daily at 05:00', 'end: 2026-11-23'), [
      '2026-11-23 end-passed',
      'found the end at 2026-11-23 23:59, which has passed in Europe/Berlin: a runs no more',
    ]);
    assert.deepEqual(codes(of('hourly', 'end: 2026-11-24 09:59')), ['end-passed']);
    assert.deepEqual(of('hourly', 'end: 2026-11-24 10:59, timezone: UTC'), []);
    assert.deepEqual(of('hourly', 'end: 2026-11-24'), []);
  });

  it('is as good as passed once the last time before it is', () => {
    assert.deepEqual(only('daily at 05:00', 'end: 2026-11-24'), [
      'daily at 05:00 end-passed',
      'found no time of this schedule from 2026-11-24 10:00 to the end at 2026-11-24 23:59: it runs no more',
    ]);
    assert.deepEqual(of('daily at 05:00', 'end: 2026-11-25'), []);
  });
});

describe('a file of holidays that has passed', () => {
  const holidays = (date: string) =>
    `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:A day\r\nDTSTART;VALUE=DATE:${date}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;
  writeFile(directory, 'old.ics', holidays('20251225'));
  writeFile(directory, 'new.ics', holidays('20261225'));

  it('is found once at each place that names it', () => {
    assert.deepEqual(only('daily at 05:00', 'except: [2026-12-24, {file: old.ics}]'), [
      'old.ics calendar-passed',
      'found 2025-12-25 as the last date of old.ics, which has passed: it leaves no day out any more',
    ]);
    const jobs =
      'jobs:\n  a: { schedule: daily at 05:00, command: a }\n  b: { schedule: daily at 05:00, command: b }\n';
    const found = findings(directory, `defaults: { except: {file: old.ics} }\n${jobs}`);
    assert.deepEqual(codes(found), ['calendar-passed']);
  });

  it('is none while it has a date to come', () => {
    assert.deepEqual(of('daily at 05:00', 'except: {file: new.ics}'), []);
  });
});

describe('a run that may reach beyond the next start', () => {
  it('has a timeout that is longer', () => {
    assert.deepEqual(only('*/20 * * * *', 'timeout: 1h'), [
      '1h timeout-overlap',
      'found a timeout of 1 hour for a, whose next start comes 20 minutes later: while a run hangs, up to 2 starts are skipped',
    ]);
    assert.match(
      String(only('0 9,12 * * *', 'timeout: 4h')[1]),
      /starts? comes 3 hours later: .* the next start is skipped$/,
    );
  });

  it('is measured for elapsed time and several schedules as well', () => {
    assert.match(String(only('every 90m', 'timeout: 2h')[1]), /whose next start comes 1 hour 30 minutes later/);
    const text = 'jobs:\n  a: { schedule: [hourly, "50 3 * * *"], command: a, timeout: 30m }\n';
    assert.match(findings(directory, text)[0]?.message ?? '', /whose next start comes 10 minutes later/);
    assert.deepEqual(of('@reboot', 'timeout: 2h'), []);
  });

  it('is none with a shorter timeout, without one, or with another overlap', () => {
    for (const settings of [
      'timeout: 20m',
      'timeout: 0',
      'timeout: 1h, overlap: wait',
      'timeout: 1h, overlap: allow',
    ]) {
      assert.deepEqual(of('*/20 * * * *', settings), [], settings);
    }
  });

  it('is told once for a timeout of all, with the jobs that it holds for', () => {
    const schedules = ['every 1m', 'every 5m', 'daily at 05:00', ...Array(4).fill('every 10m')];
    const jobs = schedules.map((schedule, index) => `  j${index}: { schedule: ${schedule}, command: "true" }\n`);
    const found = findings(directory, `defaults: { timeout: 30m }\njobs:\n${jobs.join('')}`);
    assert.deepEqual(
      found.map(({ where }) => where),
      ['2: 30m timeout-overlap'],
    );
    assert.match(found[0]?.message ?? '', / for j0, whose .*; the like holds for j1, j3, j4 and 2 more$/);
  });

  it('has waits between its attempts that are longer', () => {
    assert.deepEqual(only('every 5m', 'retry: { attempts: 4, delay: 1m, backoff: exponential }'), [
      'retry retry-overlap',
      'found waits of 7 minutes in all between the 4 attempts of a, whose next start comes 5 minutes later: while a run is tried again, starts are skipped',
    ]);
    assert.deepEqual(of('every 5m', 'retry: { attempts: 4, delay: 1m }'), []);
    assert.deepEqual(of('every 5m', 'retry: { attempts: 4, delay: 1m, backoff: exponential, max-delay: 90s }'), []);
    assert.deepEqual(of('every 5m', 'overlap: wait, retry: { attempts: 9, delay: 10m }'), []);
  });
});

describe('a job of every minute that makes up for all that it missed', () => {
  it('is found', () => {
    assert.deepEqual(only('every 1m', 'missed: run-all'), [
      'run-all missed-flood',
      'found missed: run-all for a, a job of every minute: once cron was down for 1 hour 40 minutes, 100 runs follow one another; its start-deadline is 1 day',
    ]);
    assert.match(String(only('* * * * *', 'missed: run-all, start-deadline: 20m')[1]), /down for 20 minutes, 20 runs /);
  });

  it('is none where it makes up for few', () => {
    assert.deepEqual(of('every 1m', 'missed: run-once'), []);
    assert.deepEqual(of('every 1m', 'missed: run-all, start-deadline: 10m'), []);
    assert.deepEqual(of('every 5m', 'missed: run-all'), []);
  });
});
