import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { mergedSpans } from '../../src/job/date-spans.ts';
import type { DateSpan } from '../../src/job/job.ts';
import { loadJobs } from '../../src/job/load.ts';
import { temporaryDirectory, writeFile } from '../temporary.ts';

const directory = temporaryDirectory();

function icalendar(...events: readonly string[]): string {
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', ...events, 'END:VCALENDAR', ''].join('\r\n');
}

function day(date: string, name: string): string {
  const lines = [`UID:${date}`, `SUMMARY:${name}`, `DTSTART;VALUE=DATE:${date.replaceAll('-', '')}`];
  return ['BEGIN:VEVENT', ...lines, 'END:VEVENT'].join('\r\n');
}

writeFile(directory, 'holidays.ics', icalendar(day('2026-12-25', 'Christmas Day'), day('2026-12-26', 'Boxing Day')));

function load(text: string, name = 'jobs.yaml') {
  return loadJobs(writeFile(directory, name, `version: 1\n${text}`));
}

const job = (except: string, name = 'a') =>
  `  ${name}: {schedule: daily at 03:00, command: "true", except: ${except}}\n`;
const named = (from: string, to: string, name = ''): DateSpan => ({ from, to, name });
const christmas = named('2026-12-25', '2026-12-25', 'Christmas Day');
const boxing = named('2026-12-26', '2026-12-26', 'Boxing Day');

describe('the days on which a job does not run', () => {
  const exceptOf = (text: string) => load(text).project?.jobs.map(({ except }) => except);

  it('are dates, two with what lies between them, and those of a file, in their order', () => {
    const except = '[2027-01-01, {file: holidays.ics}, 2026-10-03 to 2026-10-04]';
    assert.deepEqual(exceptOf(`jobs:\n${job(except)}`), [
      [named('2026-10-03', '2026-10-04'), christmas, boxing, named('2027-01-01', '2027-01-01')],
    ]);
  });

  it('may be one date, or one file', () => {
    const both = exceptOf(`jobs:\n${job('2026-12-24')}${job('{file: ./holidays.ics}', 'b')}`);
    assert.deepEqual(both, [[named('2026-12-24', '2026-12-24')], [christmas, boxing]]);
  });

  it('are those of the defaults where a job names none', () => {
    const text = `defaults: {except: {file: holidays.ics}}\njobs:\n  a: {schedule: "@daily", command: "true"}\n${job('2026-01-01', 'b')}`;
    assert.deepEqual(exceptOf(text), [[christmas, boxing], [named('2026-01-01', '2026-01-01')]]);
  });

  it('are in a file beside the one that names it, for included files too', () => {
    writeFile(
      directory,
      'holidays.ics',
      icalendar(day('2026-12-25', 'Christmas Day'), day('2026-12-26', 'Boxing Day')),
    );
    spawnSync('mkdir', ['-p', `${directory}/part`]);
    writeFile(directory, 'part/own.ics', icalendar(day('2026-05-01', 'May Day')));
    writeFile(
      directory,
      'part/jobs.yaml',
      `jobs:\n${job('{file: own.ics}', 'b')}  c: {schedule: "@daily", command: "true"}\n`,
    );
    const text = `include: part/jobs.yaml\ndefaults: {except: [{file: holidays.ics}]}\njobs:\n${job('2026-01-01')}`;
    const [, own, inherited] = exceptOf(text) ?? [];
    assert.deepEqual(own, [named('2026-05-01', '2026-05-01', 'May Day')]);
    assert.deepEqual(inherited, [christmas, boxing]);
  });

  it('may have names in the code page of older Windows', () => {
    writeFile(directory, 'old.ics', Buffer.from(icalendar(day('2026-01-06', 'Heilige Drei K\u00f6nige')), 'latin1'));
    assert.deepEqual(exceptOf(`jobs:\n${job('{file: old.ics}')}`), [
      [named('2026-01-06', '2026-01-06', 'Heilige Drei Könige')],
    ]);
  });
});

describe('what is wrong with a day', () => {
  function problems(text: string) {
    return load(text).problems.map(({ severity, code, line, source, column, length }) => {
      return [severity, code, line, source.slice(column - 1, column - 1 + length)];
    });
  }

  it('is told at the place of the file: one that is not there, is none, or is empty', () => {
    writeFile(directory, 'other.ics', 'not a calendar\n');
    writeFile(directory, 'empty.ics', icalendar());
    const jobs = ['gone.ics', 'other.ics', 'empty.ics', '.'].map((file, index) => job(`{file: ${file}}`, `j${index}`));
    assert.deepEqual(problems(`jobs:\n${jobs.join('')}`), [
      ['error', 'calendar-file', 3, 'gone.ics'],
      ['error', 'calendar-file', 4, 'other.ics'],
      ['warning', 'calendar-empty', 5, 'empty.ics'],
      ['error', 'calendar-file', 6, '.'],
    ]);
  });

  it('is a file of more than 10 MiB', () => {
    writeFile(directory, 'large.ics', Buffer.alloc(10 * 2 ** 20 + 1, 'X'));
    const [problem] = load(`jobs:\n${job('[2026-01-01, {file: large.ics}]')}`).problems;
    assert.match(problem?.message ?? '', /large\.ics: it has 11 MiB, expected at most 10 MiB/);
  });

  it('is that the later date stands first', () => {
    const text = `defaults: {except: 2027-01-02 to 2026-12-24}\njobs:\n${job('[2026-01-01, 2026-03-02 to 2026-03-01]')}`;
    assert.deepEqual(problems(text), [
      ['error', 'except-order', 2, '2027-01-02 to 2026-12-24'],
      ['error', 'except-order', 4, '2026-03-02 to 2026-03-01'],
    ]);
  });
});

describe('a file of jobs', () => {
  const loads = (text: string) => {
    const file = writeFile(directory, 'alone.yaml', `version: 1\n${text}`);
    const source = JSON.stringify(new URL('../../src/job/load.ts', import.meta.url).href);
    const script = `const { loadJobs } = await import(${source});
      const jobs = loadJobs(process.argv[1]).project.jobs.length;
      const { createRequire } = await import('node:module');
      console.log(jobs, Object.keys(createRequire(process.argv[1]).cache).some((path) => path.includes('ical')));`;
    return spawnSync(process.execPath, ['--input-type=module', '-e', script, file], { encoding: 'utf8' }).stdout;
  };

  it('without a calendar does not load the library of calendars, and one with it does', () => {
    assert.equal(loads(`jobs:\n${job('2026-01-01')}`), '1 false\n');
    assert.equal(loads(`jobs:\n${job('{file: holidays.ics}')}`), '1 true\n');
  });
});

describe('merged spans', () => {
  const date = fc
    .integer({ min: 0, max: 40 })
    .map((days) => new Date(Date.UTC(2027, 11, 10 + days)).toISOString().slice(0, 10));
  const span = fc
    .tuple(date, date, fc.constantFrom('', 'A', 'B'))
    .map(([one, other, name]): DateSpan => ({ from: one < other ? one : other, to: one < other ? other : one, name }));
  const days = Array.from({ length: 60 }, (_, index) =>
    new Date(Date.UTC(2027, 11, 1 + index)).toISOString().slice(0, 10),
  );

  it('name each day as all of them did, in order and without overlap', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 8 }), (spans) => {
        const merged = mergedSpans(spans);
        for (const at of days) {
          const before = spans.filter(({ from, to }) => from <= at && at <= to);
          const after = merged.filter(({ from, to }) => from <= at && at <= to);
          assert.equal(after.length, before.length === 0 ? 0 : 1);
          const names = new Set(before.map(({ name }) => name).filter(Boolean));
          assert.equal(after[0]?.name ?? '', [...names].sort().join(', '));
        }
        for (const [index, { from, to }] of merged.entries()) {
          assert.ok(from <= to);
          assert.ok(to < (merged[index + 1]?.from ?? '9999'));
        }
        assert.deepEqual(mergedSpans(merged), merged);
      }),
    );
  });

  it('reach to the last day that there is', () => {
    assert.deepEqual(mergedSpans([named('2026-01-01', '9999-12-31')]), [named('2026-01-01', '9999-12-31')]);
  });
});
