import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { paintState } from '../../src/terminal/page.ts';
import { makeStyle, wantsColor } from '../../src/terminal/style.ts';

suite('colour', () => {
  for (const [isTerminal, environment, wanted] of [
    [true, {}, true],
    [false, {}, false],
    [true, { TERM: 'dumb' }, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [false, { FORCE_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [true, { FORCE_COLOR: 'false' }, false],
    [false, { FORCE_COLOR: '' }, false],
    [true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    [true, { FORCE_COLOR: '1', TERM: 'dumb' }, true],
  ] as const) {
    const where = isTerminal ? 'on a terminal' : 'in a pipe';
    test(`is ${wanted ? '' : 'not '}wanted ${where} with ${JSON.stringify(environment)}`, () => {
      assert.equal(wantsColor(isTerminal, environment), wanted);
    });
  }

  test('says good, bad or worth a look of a state', () => {
    const style = { ...makeStyle(false), good: () => 'good', bad: () => 'bad', warn: () => 'look' };
    const painted = ['succeeded', 'failed', 'timed-out', 'interrupted', 'running', 'scheduled', 'ok', 'problem'];
    assert.deepEqual(
      painted.map((state) => paintState(style, state)(state)),
      ['good', 'bad', 'bad', 'look', 'look', 'scheduled', 'ok', 'bad'],
    );
  });

  test('without it texts stay as they are', () => {
    const { good, bad, warn, faint, strong } = makeStyle(false);
    for (const paint of [good, bad, warn, faint, strong]) assert.equal(paint('text'), 'text');
    assert.notEqual(makeStyle(true).bad('text'), 'text');
  });
});
