import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { distinct, reason, reasonCodes } from '../../../src/upkeep/why/reason.ts';

const docs = join(import.meta.dirname, '../../../docs');

describe('the codes of reasons', () => {
  it('are those of the schema, and of the page on JSON', () => {
    const schema = JSON.parse(readFileSync(join(docs, 'schema/why.json'), 'utf8'));
    assert.deepEqual(schema.$defs.code.enum, reasonCodes);
    const page = readFileSync(join(docs, 'json.md'), 'utf8').split('The codes of `why`:')[1] ?? '';
    assert.deepEqual(
      Array.from(page.matchAll(/^\| `([a-z-]+)` /gm), ([, code]) => code),
      reasonCodes,
    );
  });
});

describe('reasons from several sources', () => {
  const [one, other] = [1_000, 2_000].map((slot) => reason('missed', 'It is missed.', { slot }));

  it('are told once, with the evidence of all and the first remedy', () => {
    const found = reason('line-absent', 'first', { evidence: ['a'] });
    const again = reason('line-absent', 'second', { evidence: ['b', 'a'], remedy: 'sync' });
    assert.deepEqual(distinct([found, again]), [{ ...found, evidence: ['a', 'b'], remedy: 'sync' }]);
  });

  it('stay apart where they speak of different slots or runs', () => {
    assert.ok(one && other);
    assert.equal(distinct([one, other, one]).length, 2);
    const runs = ['a', 'b'].map((run) => reason('ran', 'It ran.', { run }));
    assert.equal(distinct(runs).length, 2);
  });
});
