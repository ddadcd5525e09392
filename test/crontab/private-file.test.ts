import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { describe, it } from 'node:test';
import { inPrivateFile } from '../../src/crontab/private-file.ts';
import type { Rights } from '../../src/crontab/rights.ts';
import { skipWithout } from '../schedule/requirement.ts';

const table = Buffer.from('* * * * * x\n');

describe('a table in a file for a program', () => {
  it('is there as long as the program needs it, for nobody else', async () => {
    const seen = await inPrivateFile(table, async (path) => {
      assert.deepEqual([readFileSync(path), statSync(path).mode & 0o777], [table, 0o600]);
      assert.equal(statSync(dirname(path)).mode & 0o777, 0o700);
      return path;
    });
    assert.equal(existsSync(dirname(seen)), false);
  });

  it('is gone when the program fails', async () => {
    let seen = '';
    const failing = inPrivateFile(table, async (path) => {
      seen = path;
      throw new Error('no');
    });
    await assert.rejects(failing, { message: 'no' });
    assert.equal(existsSync(dirname(seen)), false);
  });

  const skip = skipWithout(userInfo().uid === 0, 'root');
  it('belongs to whoever has the rights that the program reads it with', { skip }, async (t) => {
    const nobody = 65_534;
    t.after(() => process.seteuid?.(0));
    const rights: Rights = (work) => {
      process.seteuid?.(0);
      try {
        return work();
      } finally {
        process.seteuid?.(nobody);
      }
    };
    process.seteuid?.(nobody);
    const looked = await inPrivateFile(
      table,
      async (path) => {
        const owners = rights(() => [statSync(dirname(path)).uid, statSync(path).uid]);
        assert.throws(() => readFileSync(path), { code: 'EACCES' });
        return { path, owners };
      },
      rights,
    );
    assert.deepEqual([looked.owners, existsSync(dirname(looked.path))], [[0, 0], false]);
  });
});
