import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type Ask,
  answers,
  asCroniterWrites,
  compareDays,
  compareExpressions,
  count,
  dayDifferences,
  differences,
  explain,
  present,
} from './croniter.ts';
import { skipWithout } from './requirement.ts';

const after = Date.UTC(2026, 1, 28, 12) / 1_000;

describe('the calendar and croniter', { skip: skipWithout(present, 'python3-croniter') }, () => {
  it('agree about thousands of expressions, but for what is known to differ', () => {
    assert.ok(compareExpressions(6_000, 20_260_308) > 3_000, 'they agree about too little');
  });

  it('differ about one example of each difference, for that reason', () => {
    const asks = Object.values(differences).map((text) => ({ text, after, count }));
    const found = answers(asks).map((theirs, index) => explain(asks[index] as Ask, theirs));
    assert.deepEqual(
      found,
      Object.keys(differences).map((why) => [why]),
    );
  });

  it('agree about L and #, but for what is known to differ', () => {
    assert.ok(compareDays(3_000, 20_260_308) > 1_000, 'they agree about too little');
  });

  it('differ about one example of each difference in such days', () => {
    const asks = Object.values(dayDifferences).map((text) => ({ text: asCroniterWrites(text), after, count: 1 }));
    const [alone, never, monthEnd, mixed] = answers(asks);
    assert.deepEqual(alone, [Date.UTC(2026, 2, 20, 2) / 1_000]);
    assert.match(String(never), /failed to find next date/);
    assert.match(String(monthEnd), /failed to find next date/);
    assert.match(String(mixed), /does not support mixing/);
  });
});
