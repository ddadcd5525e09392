import assert from 'node:assert/strict';
import { test } from 'node:test';
import { few } from '../../../src/schedule/lint/few.ts';

test('a list is cut where more than one would be left out', () => {
  assert.equal(few(['a']), 'a');
  assert.equal(few(['a', 'b', 'c', 'd']), 'a, b, c and d');
  assert.equal(few(['a', 'b', 'c', 'd', 'e']), 'a, b, c and 2 more');
});
