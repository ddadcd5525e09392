import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, utimesSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { skipWithout } from '../schedule/requirement.ts';
import { directory } from './rig.ts';

const spool = '/var/spool/cron';
const canMount = userInfo().uid === 0 && existsSync(spool);

it('A change of anybody’s table shows at the folder that it is in', {
  skip: skipWithout(canMount, 'root and cron'),
}, (t) => {
  const own = directory(t);
  mkdirSync(join(own, 'crontabs'));
  utimesSync(join(own, 'crontabs'), 1_700_000_000, 1_700_000_000);
  utimesSync(own, 1_600_000_000, 1_600_000_000);
  const module = pathToFileURL(`${import.meta.dirname}/../../src/crontab/spool.ts`).href;
  const code = `import { spoolChanges } from ${JSON.stringify(module)}; console.log(JSON.stringify(spoolChanges()))`;
  const script = 'mount --bind "$0" "$1" && shift && exec "$@"';
  const node = [process.execPath, '--input-type=module', '--eval', code];
  const { stdout } = spawnSync('unshare', ['--mount', 'sh', '-c', script, own, spool, ...node], { encoding: 'utf8' });
  const changes = JSON.parse(stdout);
  for (const time of [1_700_000_000_000, 1_600_000_000_000]) assert.ok(changes.includes(time), stdout);
});
