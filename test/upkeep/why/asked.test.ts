import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UserError } from '../../../src/errors.ts';
import { namedZone } from '../../../src/schedule/zone/zone.ts';
import { instantsOfWall, readAsked } from '../../../src/upkeep/why/asked.ts';
import { berlin, noon } from './rig.ts';

const utc = (text: string) => Date.parse(`${text}Z`);

function minute(text: string) {
  const asked = readAsked(text, berlin, noon);
  assert.equal(asked.kind, 'minute', text);
  return asked.kind === 'minute' ? asked : undefined;
}

describe('a time that is asked about', () => {
  it('is read on the clock of the job, today where it has no day', () => {
    for (const text of ['02:30', '2:30', 'today 02:30', 'today at 02:30', '2026-11-24 02:30', '2026-11-24T02:30']) {
      assert.deepEqual(minute(text), { kind: 'minute', instants: [utc('2026-11-24T01:30')], wall: '2026-11-24T02:30' });
    }
    assert.deepEqual(minute('Yesterday 02:30')?.instants, [utc('2026-11-23T01:30')]);
    assert.deepEqual(minute('tomorrow 02:30')?.instants, [utc('2026-11-25T01:30')]);
  });

  it('is an instant where it has an offset, cut to its minute', () => {
    const wanted = { kind: 'minute', instants: [utc('2026-11-24T01:30')], wall: undefined };
    for (const text of ['2026-11-24T02:30:59+01:00', '2026-11-24T01:30Z', '2026-11-24t01:30:10z']) {
      assert.deepEqual(minute(text), wanted, text);
    }
  });

  it('is a day where it is a date or a word, however long that day is', () => {
    const length = (text: string) => {
      const asked = readAsked(text, berlin, noon);
      return asked.kind === 'day' ? [asked.date, (asked.until + 1 - asked.from) / 3_600_000] : asked.kind;
    };
    assert.deepEqual(length('today'), ['2026-11-24', 24]);
    assert.deepEqual(length('2026-03-29'), ['2026-03-29', 23]);
    assert.deepEqual(length('2026-10-25'), ['2026-10-25', 25]);
  });

  it('is none in a gap and two in an overlap, in zones of half an hour too', () => {
    const wall = (text: string) => Date.parse(`${text}Z`);
    assert.deepEqual(instantsOfWall(wall('2026-03-29T02:30'), berlin), []);
    assert.deepEqual(instantsOfWall(wall('2026-03-29T03:00'), berlin), [utc('2026-03-29T01:00')]);
    const twice = [utc('2026-10-25T00:30'), utc('2026-10-25T01:30')];
    assert.deepEqual(instantsOfWall(wall('2026-10-25T02:30'), berlin), twice);
    assert.deepEqual(instantsOfWall(wall('2026-10-25T03:00'), berlin), [utc('2026-10-25T02:00')]);
    const island = namedZone('Australia/Lord_Howe');
    assert.equal(instantsOfWall(wall('2026-04-05T01:45'), island).length, 2);
    assert.equal(instantsOfWall(wall('2026-04-05T02:00'), island).length, 1);
  });

  it('is refused with an example where it is neither', () => {
    for (const text of ['', 'noon', '25:00', '2026-13-01', '2026-11', '02:30:', '2026-02-30 02:30', 'yesterdayish']) {
      assert.throws(
        () => readAsked(text, berlin, noon),
        (error) => {
          assert.ok(error instanceof UserError, text);
          assert.match(error.hint ?? '', /yesterday 02:30/);
          return true;
        },
        text,
      );
    }
  });
});
