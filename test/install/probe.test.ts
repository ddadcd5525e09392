import assert from 'node:assert/strict';
import { chmodSync, chownSync, existsSync, mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { probeLines } from '../../src/install/probe.ts';
import type { JobName } from '../../src/job/job.ts';
import { skipWithout } from '../schedule/requirement.ts';
import { temporaryDirectory, writeFile } from '../temporary.ts';

const asRoot = { skip: skipWithout(userInfo().uid === 0, 'root') };
const shop = 'shop' as JobName;

suite('lines that are tried', () => {
  test(
    'are started by the shell that the table names, but by root only where root alone could name it',
    asRoot,
    async () => {
      const place = temporaryDirectory();
      chmodSync(place, 0o755);
      const shell = writeFile(place, 'shell', `#!/bin/sh\necho >"${place}/started"\n`, 0o755);
      const bytes = Buffer.from(`SHELL=${shell}\n# BEGIN cronwright shop\n# END cronwright shop\n`);
      const folder = join(place, 'folder');
      mkdirSync(folder);
      writeFile(folder, 'table', '');
      const table = { target: `file:${folder}/table`, bytes };

      chownSync(folder, 65_534, 65_534);
      assert.deepEqual(await probeLines({ path: '/bin/true', state: undefined }, table, shop), { ok: true });
      assert.equal(existsSync(join(place, 'started')), false);

      chownSync(folder, 0, 0);
      assert.deepEqual(await probeLines({ path: '/bin/true', state: undefined }, table, shop), { ok: true });
      assert.equal(existsSync(join(place, 'started')), true);
    },
  );
});
