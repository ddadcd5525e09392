import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { Job, MailSettings } from '../../../src/job/job.ts';
import { type MissedStretch, missedTellings } from '../../../src/upkeep/missed/tell.ts';
import { mailThrough, worldOf } from '../../launch/rig.ts';
import { MovedClock } from '../../moved-clock.ts';
import { installJobs, jobOf, morning, newStore } from '../../store/rig.ts';

const mail = mailThrough('refuses', '75');
const asked = { on: ['missed'], to: [] } as const;

function stretch(name: string, changes: Partial<Job> = {}): MissedStretch {
  const job = jobOf(name, { notify: asked, ...changes });
  const times = { first: morning, last: morning, count: 1 };
  return { job, run: `run-${name}`, row: { job: job.id, owner: '', ...times, reason: 'cron was silent', follows: '' } };
}

/** What is told of these, each as its mails’ subjects and people, or the number of lines of its report. */
function told(t: TestContext, missed: readonly MissedStretch[], through?: MailSettings) {
  const store = newStore(t);
  installJobs(
    store,
    missed.map(({ job }) => job),
    through,
  );
  return missedTellings(worldOf(store, new MovedClock(morning)), missed);
}

suite('the slots that one tick has found missed', () => {
  test('are one mail for a project, under the first of their runs', (t) => {
    const [telling, ...more] = told(t, [stretch('a'), stretch('b')], mail);
    const [first, ...others] = telling?.mails ?? [];
    assert.deepEqual([more, others], [[], []]);
    assert.deepEqual(
      [first?.id, first?.run, first?.project, first?.createdAt],
      ['run-a.missed', 'run-a', 'shop', morning],
    );
    assert.deepEqual([first?.subject, first?.recipients], ['[db1] shop: 2 jobs missed 2 starts', ['ops@shop.example']]);
  });

  test('are a mail of their own for the jobs that name other people', (t) => {
    const others = { notify: { on: ['missed'], to: ['dba@shop.example'] } } as const;
    const mails = told(t, [stretch('a'), stretch('b', others), stretch('c')], mail).flatMap((telling) => telling.mails);
    assert.deepEqual(
      mails.map(({ id, recipients }) => [id, recipients]),
      [
        ['run-a.missed', ['ops@shop.example']],
        ['run-b.missed', ['dba@shop.example']],
      ],
    );
  });

  test('are one report for standard error where there is no mail', (t) => {
    const [telling, ...more] = told(t, [stretch('a'), stretch('b')]);
    assert.deepEqual([telling?.mails, more], [[], []]);
    assert.match(telling?.report ?? '', /^shop on db1: 2 jobs missed 2 starts\.\n/);
  });

  test('are nothing to a job that does not ask', (t) => {
    assert.deepEqual(told(t, [stretch('a', { notify: { on: ['failure'], to: [] } })], mail), []);
  });
});
