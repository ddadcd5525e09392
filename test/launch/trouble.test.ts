import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, type TestContext, test } from 'node:test';
import type { MailSettings } from '../../src/job/job.ts';
import { tellTrouble } from '../../src/launch/trouble.ts';
import { openStore } from '../../src/store/store.ts';
import { StoreTrouble } from '../../src/store/trouble.ts';
import { MovedClock } from '../moved-clock.ts';
import { minute, morning, settingsOf } from '../store/rig.ts';
import { newState } from '../store/spool-rig.ts';
import { mailToFile, worldOf } from './rig.ts';

const trouble = new StoreTrouble('cannot use the database: it is locked', 'see who locks it');

function site(t: TestContext) {
  const store = openStore(newState(t));
  t.after(() => store.close());
  const clock = new MovedClock(morning);
  const world = worldOf(store, clock);
  const tell = (mail?: MailSettings) => tellTrouble(world, trouble, mail && settingsOf({ mail }));
  return { store, clock, world, tell };
}

suite('trouble with the database', () => {
  test('is told on standard error with what mends it, once an hour', async (t) => {
    const { world, clock, tell } = site(t);
    await tell();
    const said = world.complaints.join('');
    assert.match(said, /^cronwright: cannot use the database: it is locked\n {2}see who locks it\n/);
    await tell();
    clock.move(59 * minute);
    await tell();
    assert.equal(world.complaints.join(''), said);
    clock.move(2 * minute);
    await tell();
    assert.equal(world.complaints.join(''), said + said);
  });

  test('is mailed once an hour where there is mail, though the tick that has none came first', async (t) => {
    const { store, world, clock, tell } = site(t);
    const { mail, file } = mailToFile(store);
    await tell();
    const said = world.complaints.length;
    await tell(mail);
    await tell(mail);
    const count = () =>
      readFileSync(file, 'utf8').match(/^Subject: \[db1\] cronwright cannot use its database$/gm)?.length;
    assert.deepEqual([count(), world.complaints.length], [1, said]);
    clock.move(61 * minute);
    await tell(mail);
    assert.equal(count(), 2);
  });
});
