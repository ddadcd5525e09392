import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareDays, compareExpressions, present } from './croniter.ts';
import { skipWithout } from './requirement.ts';

const batch = 10_000;

describe('the calendar and croniter, at length', { skip: skipWithout(present, 'python3-croniter') }, () => {
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    it(`agree about ${batch} expressions of seed ${seed}, but for what is known to differ`, () => {
      assert.ok(compareExpressions(batch, seed) > batch / 2, 'they agree about too little');
    });
  }

  for (const seed of [1, 2]) {
    it(`agree about ${batch} expressions with L and # of seed ${seed}, but for what is known to differ`, () => {
      assert.ok(compareDays(batch, seed) > batch / 4, 'they agree about too little');
    });
  }
});
