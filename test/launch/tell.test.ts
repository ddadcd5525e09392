import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Job, MailSettings } from '../../src/job/job.ts';
import { type Ending, telling } from '../../src/launch/tell.ts';
import { MovedClock } from '../moved-clock.ts';
import { jobOf, morning } from '../store/rig.ts';
import { mailThrough } from './rig.ts';

const mail: MailSettings = { ...mailThrough('refuses', '1'), to: ['ops@shop.example', 'ann@shop.example'] };

/** What is told of a run of a job. */
function told(through: MailSettings | undefined, ending: Partial<Ending> = {}, changes: Partial<Job> = {}) {
  const whole: Ending = {
    installed: { job: jobOf('backup', changes), revision: 1 },
    run: 'run1',
    trigger: 'schedule',
    slot: morning,
    state: 'failed',
    sentence: 'exited with status 3',
    startedAt: morning,
    endedAt: morning + 5_000,
    attempts: [{ number: 1, startedAt: morning, endedAt: morning + 5_000, sentence: 'exited with status 3' }],
    output: [
      { seq: 1, attempt: 1, stream: 'stderr', at: morning, bytes: Buffer.from('\u001b[31mno space\u001b[0m left\n') },
    ],
    ...ending,
  };
  return telling({ clock: new MovedClock(morning), host: 'db1', program: 'cronwright' }, whole, through);
}

suite('telling of a failed run', () => {
  test('is one mail to the project’s people', () => {
    const [first, ...more] = told(mail)?.mails ?? [];
    const { text, ...entry } = first ?? { text: '' };
    assert.deepEqual(entry, {
      id: 'run1.failed',
      project: 'shop',
      run: 'run1',
      recipients: ['ops@shop.example', 'ann@shop.example'],
      subject: '[db1] shop/backup failed: exited with status 3',
      createdAt: morning,
    });
    assert.match(text, /\| no space left\n/);
    assert.deepEqual(more, []);
  });

  test('is for the job’s own people instead, where it has some', () => {
    const [first] = told(mail, {}, { notify: { on: ['failure'], to: ['web@shop.example'] } })?.mails ?? [];
    assert.deepEqual(first?.recipients, ['web@shop.example']);
  });

  test('has a short report besides, for standard error, which cron mails', () => {
    const { mails, report } = told(undefined) ?? { report: '' };
    assert.deepEqual(mails, []);
    assert.match(report, /^shop\/backup on db1 exited with status 3\.\n/);
    assert.match(report, /\| no space left\n {2}cronwright logs run1\n$/);
  });

  test('shows the end of a long output', () => {
    const bytes = Buffer.from(Array.from({ length: 20_000 }, (_, n) => `line ${n}\n`).join(''));
    const output = [{ seq: 1, attempt: 1, stream: 'stdout', at: morning, bytes }] as const;
    const text = told(mail, { output })?.mails[0]?.text ?? '';
    assert.match(text, /line 19999\n/);
    assert.ok(text.length < 10_000, `${text.length} characters`);
  });
});

suite('nothing is told', () => {
  for (const state of ['succeeded', 'skipped'] as const) {
    test(`of a run that is ${state}`, () => {
      assert.equal(told(mail, { state }), undefined);
    });
  }

  test('where the job asks for silence', () => {
    assert.equal(told(mail, {}, { notify: { on: [], to: [] } }), undefined);
  });
});
