import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { checkExpression, objectionProblem, objectionsTo } from '../../../src/schedule/expression/syntax.ts';
import { parseSchedule } from '../../../src/schedule/parse.ts';
import type { ScheduleProblem } from '../../../src/schedule/schedule.ts';
import { expressions, scrawls, textOf } from '../expressions.ts';

describe('checking an expression', () => {
  it('finds nothing wrong with what both readers accept', () => {
    for (const text of ['0 3 * * *', '*/5 8-18 * * Mon-Fri', '0\t3  * * 7', '@daily', 'weekdays at 09:00']) {
      assert.equal(checkExpression(text), undefined, text);
    }
  });

  it('gives our own problem, which has a place, where both object', () => {
    const text = '0 99 * * *';
    assert.notDeepEqual(objectionsTo(text), []);
    const parsed = parseSchedule(text);
    assert.deepEqual(checkExpression(text), parsed.ok ? undefined : parsed.problem);
    assert.equal(checkExpression(text)?.offset, 2);
  });

  it('gives our own problem where cron-validate has no objection', () => {
    assert.deepEqual(objectionsTo('5/15 * * * *'), []);
    assert.equal(checkExpression('5/15 * * * *')?.code, 'schedule-step');
  });

  it('gives the same answer when it is asked again', () => {
    assert.equal(checkExpression('0 22-2 * * *'), checkExpression('0 22-2 * * *'));
  });
});

describe('an objection of cron-validate alone', () => {
  it('becomes a problem that spans the field it names', () => {
    const text = ' 0 3  1 jan mon';
    const objection = "Element 'jan' of months field is invalid. (Input cron: '0 3 1 jan mon')";
    assert.deepEqual(objectionProblem(text, objection), {
      offset: 8,
      length: 3,
      code: 'schedule-syntax',
      message: "Element 'jan' of months field is invalid.",
      hint: undefined,
    } satisfies ScheduleProblem);
  });

  it('becomes a problem with the whole text where it names no field', () => {
    const problem = objectionProblem('0 3 * * *', 'This is odd.');
    assert.deepEqual([problem.offset, problem.length, problem.message], [0, 9, 'This is odd.']);
  });
});

/** Why our reader refuses what cron-validate accepts, each with an example. */
const stricter: readonly (readonly [code: ScheduleProblem['code'], example: string, why: string])[] = [
  ['schedule-step', '5/15 * * * *', 'it lets a step follow a single value'],
  ['schedule-step', '0 0 */31 * *', 'it compares the step of a * with the highest value only'],
  ['schedule-step', '0 0 * jan-feb/2 *', 'it does not count how many values lie between names'],
  ['schedule-order', '0 0 * * sat-sun', 'it does not compare names'],
  ['schedule-never', '0 0 30 2 *', 'it looks at each field by itself'],
  ['schedule-character', '1.0 * * * *', 'it takes any number of JavaScript: 1.0, +5'],
  ['schedule-name', '0x1F * * * *', 'it takes any number of JavaScript: 0x1F, 1e1'],
  ['schedule-value', '*/1e1 * * * *', 'it takes any number of JavaScript for a step'],
];

describe('our reader and cron-validate', () => {
  it('agree that every valid form of the five fields is valid', () => {
    fc.assert(
      fc.property(expressions, (expression) => assert.deepEqual(objectionsTo(textOf(expression)), [])),
      { numRuns: 10_000 },
    );
  });

  it('never differ in that ours accepts what cron-validate refuses', () => {
    let accepted = 0;
    fc.assert(
      fc.property(scrawls, (text) => {
        if (!parseSchedule(text).ok) return;
        accepted++;
        assert.deepEqual(objectionsTo(text), []);
      }),
      { numRuns: 20_000 },
    );
    assert.ok(accepted > 200, 'the texts were too far from the grammar to show anything');
  });

  it('differ the other way only for reasons that are known', () => {
    const known = new Set(stricter.map(([code]) => code));
    let differences = 0;
    fc.assert(
      fc.property(scrawls, (text) => {
        const parsed = parseSchedule(text);
        if (parsed.ok || objectionsTo(text).length > 0) return;
        differences++;
        assert.ok(known.has(parsed.problem.code), `${text}: ${parsed.problem.message}`);
      }),
      { numRuns: 20_000 },
    );
    assert.ok(differences > 50, 'the texts were too far from the grammar to show anything');
  });

  for (const [code, example, why] of stricter) {
    it(`differ about ${example}, because ${why}`, () => {
      assert.deepEqual(objectionsTo(example), []);
      assert.equal(checkExpression(example)?.code, code);
    });
  }
});
