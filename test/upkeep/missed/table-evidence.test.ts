import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { JobId, JobName } from '../../../src/job/job.ts';
import { install } from '../../../src/store/registry.ts';
import { tableEvidence } from '../../../src/upkeep/missed/table-evidence.ts';
import { jobOf, morning, newStore, projectOf, settingsOf } from '../../store/rig.ts';

const one = '* * * * * /usr/bin/cronwright run --scheduled shop/one';
const two = '5 * * * * /usr/bin/cronwright run --scheduled shop/two';

/** What is said of the two jobs, whose table has these lines. */
async function said(t: TestContext, lines: readonly string[]): Promise<readonly string[]> {
  const store = newStore(t);
  const table = join(store.directory, 'table');
  writeFileSync(table, lines.map((line) => `${line}\n`).join(''));
  const installed = new Map([
    ['shop/one' as JobId, [one]],
    ['shop/two' as JobId, [two]],
  ]);
  const project = projectOf([jobOf('one'), jobOf('two')]);
  install(store, {
    project,
    settings: settingsOf({ target: `file:${table}` }),
    lines: installed,
    by: 'ann',
    at: morning,
  });
  const evidence = tableEvidence(store);
  return Promise.all([...installed.keys()].map((job) => evidence(job, 'shop' as JobName)));
}

const [begin, end] = ['# BEGIN cronwright shop', '# END cronwright shop'];
const nothing = /^cron started nothing although its line is there/;

test('a table tells which lines are gone, and which were edited', async (t) => {
  assert.deepEqual(await said(t, [begin, two.replace('5', '6'), end]), [
    'its line is no longer in the crontab',
    'its line in the crontab was edited',
  ]);
});

test('a table without the block tells that all lines are gone', async (t) => {
  const gone = 'the lines of shop are no longer in the crontab';
  assert.deepEqual(await said(t, ['5 5 * * * true']), [gone, gone]);
});

test('a table in which all is as it was tells that cron started nothing', async (t) => {
  for (const words of await said(t, [begin, one, two, end])) assert.match(words, nothing);
});

test('a table tells which lines were commented out, and that cron starts what was only moved', async (t) => {
  const [first, second] = await said(t, [two, begin, `# ${one}`, end]);
  assert.equal(first, 'its line in the crontab was commented out');
  assert.match(second ?? '', nothing);
});

test('a damaged marker is no reason: cron starts what stands there all the same', async (t) => {
  const [first, second] = await said(t, [begin, one]);
  assert.match(first ?? '', nothing);
  assert.equal(second, 'its line is no longer in the crontab');
});

test('a table that cannot be read is said to be one', async (t) => {
  const store = newStore(t);
  const settings = settingsOf({ target: `file:${store.directory}` });
  install(store, { project: projectOf([jobOf('one')]), settings, by: 'ann', at: morning });
  const words = await tableEvidence(store)('shop/one' as JobId, 'shop' as JobName);
  assert.match(words, /^cron started nothing, and the crontab cannot be read: .* it is not a regular file$/);
});
