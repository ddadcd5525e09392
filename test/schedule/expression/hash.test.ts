import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { stableHash } from '../../../src/schedule/expression/hash.ts';
import { hashed } from '../../../src/schedule/expression/hash-expression.ts';
import { parseSchedule } from '../../../src/schedule/parse.ts';
import type { Fields } from '../../../src/schedule/schedule.ts';

function fieldsOf(text: string, name?: string): Fields {
  const parsed = parseSchedule(text, name);
  assert.ok(parsed.ok && parsed.schedule.kind === 'calendar', text);
  return parsed.schedule.fields;
}

const names = Array.from({ length: 5_000 }, (_, index) => `shop/job-${index}`);

describe('the stable hash', () => {
  it('never changes, or jobs would move', () => {
    const texts = ['', 'a', 'shop/backup', 'shop/backup minute', 'über'];
    assert.deepEqual(texts.map(stableHash), [2_872_998_923, 444_641_715, 496_692_472, 4_283_021_067, 2_155_462_622]);
  });

  it('is a number of 32 bits without sign', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const hash = stableHash(text);
        assert.ok(Number.isInteger(hash) && hash >= 0 && hash < 2 ** 32);
      }),
    );
  });
});

describe('H', () => {
  for (const [text, name, numbers] of [
    ['H 3 * * *', 'shop/backup', '27 3 * * *'],
    ['H 3 * * *', 'main/a', '41 3 * * *'],
    ['H H * * *', 'shop/backup', '27 5 * * *'],
    ['H/15 * * * *', 'shop/backup', '12,27,42,57 * * * *'],
    ['H/15 * * * *', 'shop/invoices', '12,27,42,57 * * * *'],
    ['H/2 * * * *', 'shop/invoices', '0-58/2 * * * *'],
    ['H(0-29) * * * *', 'shop/backup', '27 * * * *'],
    ['H(0-29)/10 * * * *', 'shop/backup', '7,17,27 * * * *'],
    ['H H H * *', 'shop/backup', '27 5 19 * *'],
    ['H H 1 H *', 'shop/backup', '27 5 1 1 *'],
    ['H H * * H(1-5)', 'shop/backup', '27 5 * * 5'],
  ] as const) {
    it(`${text} of ${name} is ${numbers}, for ever`, () => {
      assert.equal(hashed(text, name), numbers);
      assert.deepEqual(fieldsOf(text, name), fieldsOf(numbers));
    });
  }

  const forms = fc.tuple(
    fc.constantFrom('H', 'H/2', 'H/15', 'H/40', 'H(0-29)', 'H(10-20)/3', '5,H(30-59)', 'h'),
    fc.constantFrom('H', 'H/3', 'H(9-17)', '3'),
    fc.constantFrom('H', '*', 'H(1-7)', 'H/10', '1,L'),
    fc.constantFrom('H', '*', 'H(jan-mar)', 'H/2'),
    fc.constantFrom('H', '*', 'H(1-5)', 'H(mon-fri)/2', '*/2'),
  );

  it('is the same as the numbers that it is explained by', () => {
    fc.assert(
      fc.property(forms, fc.constantFrom(...names), (fields, name) => {
        const text = fields.join(' ');
        assert.deepEqual(fieldsOf(hashed(text, name) ?? text, name), fieldsOf(text, name));
      }),
      { numRuns: 2_000 },
    );
  });

  for (const [text, field, least, most] of [
    ['H 3 * * *', 'minute', 0, 59],
    ['H(10-20) 3 * * *', 'minute', 10, 20],
    ['0 H * * *', 'hour', 0, 23],
    ['0 0 H * *', 'dayOfMonth', 1, 28],
    ['0 0 1 H *', 'month', 1, 12],
    ['0 0 * * H', 'dayOfWeek', 0, 6],
    ['0 0 * * H(1-5)', 'dayOfWeek', 1, 5],
  ] as const) {
    it(`${text} is each value from ${least} to ${most} for some of many names`, () => {
      const values = new Set(names.flatMap((name) => fieldsOf(text, name)[field].values));
      const all = Array.from({ length: most - least + 1 }, (_, index) => least + index);
      assert.deepEqual(
        [...values].sort((a, b) => a - b),
        all,
      );
    });
  }

  it('with a step has each value of the step as its first', () => {
    const firsts = new Set(names.map((name) => fieldsOf('H/15 * * * *', name).minute.values[0]));
    assert.equal(firsts.size, 15);
    for (const name of names.slice(0, 100)) {
      const { values } = fieldsOf('H(0-29)/10 * * * *', name).minute;
      assert.equal(values.length, 3);
      assert.ok(values.every((value, index) => value <= 29 && value === (values[0] ?? 0) + index * 10));
    }
  });

  it('of one field says nothing about another', () => {
    const sameMinute = names.filter((name) => fieldsOf('H H * * *', name).minute.values[0] === 7);
    const hours = new Set(sameMinute.map((name) => fieldsOf('H H * * *', name).hour.values[0]));
    assert.equal(hours.size, 24);
  });

  it('has no star, so that the day fields combine as with a number', () => {
    assert.equal(fieldsOf('H H H H H').dayOfMonth.star, false);
  });

  it('follows from the text where there is no name', () => {
    assert.deepEqual(fieldsOf('H 3 * * *'), fieldsOf('H 3 * * *', 'H 3 * * *'));
  });

  it('is not explained where there is none, or where the text is no schedule', () => {
    for (const text of ['0 3 * * *', 'every 15m', '@daily', 'H/0 * * * *', 'H H']) {
      assert.equal(hashed(text, 'shop/backup'), undefined);
    }
  });

  it('is refused for every name where it is for one', () => {
    for (const name of names.slice(0, 40)) assert.equal(parseSchedule('0 0 31 H *', name).ok, false);
  });
});
