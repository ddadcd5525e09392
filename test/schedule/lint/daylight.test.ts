import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hashed } from '../../../src/schedule/expression/hash-expression.ts';
import { temporaryDirectory } from '../../temporary.ts';
import { findings, ofJob } from './rig.ts';

const directory = temporaryDirectory();
const messages = (schedule: string, settings = '', zone?: string) =>
  ofJob(directory, schedule, settings, zone).map(({ message }) => message);

const gap = 'on 2027-03-28 there is no 02:30 in Europe/Berlin: it runs at 03:00 instead';
const overlap = 'on 2027-10-31 the clock in Europe/Berlin shows 02:30 twice: it runs the first time alone';

describe('a fixed time that daylight saving touches', () => {
  it('is found with the next nights, and what becomes of it', () => {
    assert.deepEqual(ofJob(directory, '30 2 * * *'), [
      {
        where: '3: 30 2 * * * daylight-gap',
        message: gap,
        hint: 'choose a time outside of 02:00 to 03:00, or say what is meant with dst: {skipped: run-after} or {skipped: skip}',
      },
      {
        where: '3: 30 2 * * * daylight-overlap',
        message: overlap,
        hint: 'choose a time outside of 02:00 to 03:00, or say what is meant with dst: {repeated: once} or {repeated: twice}',
      },
    ]);
    assert.deepEqual(messages('daily at 02:30'), [gap, overlap]);
  });

  it('is read in the zone of the job', () => {
    const zone = 'timezone: America/New_York';
    assert.deepEqual(messages('0 2 * * *', zone, 'UTC'), [
      'on 2027-03-14 there is no 02:00 in America/New_York: it runs at 03:00 instead',
    ]);
    assert.deepEqual(messages('30 2 * * *', 'timezone: Asia/Tokyo'), []);
    assert.deepEqual(messages('30 2 * * *', '', 'UTC'), []);
    assert.deepEqual(messages('15 2 * * *', 'timezone: Australia/Lord_Howe'), [
      'on 2027-10-03 there is no 02:15 in Australia/Lord_Howe: it runs at 02:30 instead',
    ]);
  });

  it('has its times in few words', () => {
    const [first] = messages('0,10,20,30,40,50 2 * * *');
    assert.match(first ?? '', /there is no 02:00, 02:10, 02:20 and 3 more in Europe/);
  });

  it('is no matter on days on which the clock is not changed', () => {
    assert.deepEqual(messages('30 2 * * 1-5'), []);
    assert.deepEqual(messages('30 2 28 3 *'), [gap]);
    assert.deepEqual(messages('30 3 * * *'), []);
    assert.deepEqual(messages('30 2 * * *', 'end: 2027-03-27'), []);
    assert.deepEqual(messages('30 2 * * *', 'end: 2027-06-01'), [gap]);
    assert.deepEqual(messages('30 2 * * *', 'except: [2027-03-28, 2027-10-31]'), []);
    assert.deepEqual(messages('30 2 * * *', 'start: 2027-06-01'), [overlap]);
  });

  it('is no matter for a rhythm, elapsed time, or a job that says what is meant', () => {
    for (const schedule of ['*/30 * * * *', '30 * * * *', 'every 90m']) assert.deepEqual(messages(schedule), []);
    assert.deepEqual(messages('30 2 * * *', 'dst: { skipped: skip }'), [overlap]);
    assert.deepEqual(messages('30 2 * * *', 'dst: { repeated: twice }'), [gap]);
    assert.deepEqual(messages('30 2 * * *', 'dst: { skipped: run-after, repeated: once }'), []);
  });

  it('is found for the minute that an H stands for, in each job another', () => {
    const text = 'jobs:\n  a: { schedule: H 2 * * *, command: a }\n  b: { schedule: H 2 * * *, command: b }\n';
    const found = findings(directory, text).filter(({ where }) => where.endsWith(' daylight-gap'));
    const minutes = ['main/a', 'main/b'].map((name) => (hashed('H 2 * * *', name) ?? '').split(' ', 1)[0]);
    assert.notEqual(minutes[0], minutes[1]);
    assert.deepEqual(
      found.map(({ message }) => / 02:0?(\d+) /.exec(message)?.[1]),
      minutes,
    );
  });

  it('is judged for each job by its own zone and its own wish', () => {
    const settings = ['timezone: Asia/Tokyo', 'dst: { skipped: skip, repeated: once }', 'owner: ops'];
    const jobs = settings.map((setting, n) => `  j${n}: { schedule: "30 2 * * *", command: a, ${setting} }\n`);
    assert.deepEqual(
      findings(directory, `jobs:\n${jobs.join('')}`).map(({ where }) => where),
      ['5: 30 2 * * * daylight-gap', '5: 30 2 * * * daylight-overlap'],
    );
  });
});
