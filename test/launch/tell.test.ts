import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { Job, MailSettings } from '../../src/job/job.ts';
import { type Ending, tellEnding } from '../../src/launch/tell.ts';
import { claimFromOutbox, outboxState } from '../../src/store/outbox.ts';
import { MovedClock } from '../moved-clock.ts';
import { jobOf, morning } from '../store/rig.ts';
import { mailThrough, storeWith, worldOf } from './rig.ts';

const mail: MailSettings = { ...mailThrough('refuses', '1'), to: ['ops@shop.example', 'ann@shop.example'] };

/** Tells of a run of a job, and returns what stood on standard error and who has mail in the outbox. */
function tell(t: TestContext, { job = {}, ending = {}, through }: Telling) {
  const { store, installed } = storeWith(t, jobOf('backup', job), through);
  const world = worldOf(store, new MovedClock(morning));
  const whole: Ending = {
    installed,
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
  const say = () => tellEnding(world, whole);
  return { store, say, complaints: world.complaints };
}

interface Telling {
  readonly job?: Partial<Job>;
  readonly ending?: Partial<Ending>;
  readonly through?: MailSettings;
}

suite('telling of a failed run', () => {
  test('puts one mail to the project’s people into the outbox, and says nothing on standard error', (t) => {
    const { store, say, complaints } = tell(t, { through: mail });
    say();
    const { text, ...entry } = claimFromOutbox(store, morning) ?? { text: '' };
    assert.deepEqual(entry, {
      id: 'run1.failed',
      project: 'shop',
      run: 'run1',
      recipients: ['ops@shop.example', 'ann@shop.example'],
      subject: '[db1] shop/backup failed: exited with status 3',
      createdAt: morning,
      tries: 0,
    });
    assert.match(text, /\| no space left\n/);
    assert.equal(claimFromOutbox(store, morning), undefined);
    assert.deepEqual(complaints, []);
  });

  test('tells the job’s own people instead, where it has some', (t) => {
    const job = { notify: { on: ['failure'], to: ['web@shop.example'] } } as const;
    const { store, say } = tell(t, { job, through: mail });
    say();
    assert.deepEqual(claimFromOutbox(store, morning)?.recipients, ['web@shop.example']);
  });

  test('of a project without mail is a short report on standard error, which cron mails', (t) => {
    const { say, complaints } = tell(t, {});
    say();
    assert.equal(complaints.length, 1);
    assert.match(complaints[0] ?? '', /^shop\/backup on db1 exited with status 3\.\n/);
    assert.match(complaints[0] ?? '', /\| no space left\n {2}cronwright logs run1\n$/);
  });

  test('by hand says nothing more without mail, because the command itself does', (t) => {
    const { say, complaints } = tell(t, { ending: { trigger: 'manual', slot: undefined } });
    say();
    assert.deepEqual(complaints, []);
  });

  test('by hand whose wrapper was killed is told, because that command says nothing any more', (t) => {
    const { say, complaints } = tell(t, { ending: { trigger: 'manual', slot: undefined, state: 'interrupted' } });
    say();
    assert.equal(complaints.length, 1);
  });

  test('falls back to standard error where the outbox cannot be written', (t) => {
    const { store, say, complaints } = tell(t, { through: mail });
    store.db.run('DROP TABLE outbox');
    say();
    assert.match(complaints.join(''), /could not put a mail in the outbox.*exited with status 3/s);
  });

  test('shows the end of a long output', (t) => {
    const bytes = Buffer.from(Array.from({ length: 20_000 }, (_, n) => `line ${n}\n`).join(''));
    const { store, say } = tell(t, {
      through: mail,
      ending: { output: [{ seq: 1, attempt: 1, stream: 'stdout', at: morning, bytes }] },
    });
    say();
    const text = claimFromOutbox(store, morning)?.text ?? '';
    assert.match(text, /line 19999\n/);
    assert.ok(text.length < 10_000, `${text.length} characters`);
  });
});

suite('nothing is told', () => {
  for (const [what, telling] of [
    ['of a run that succeeded', { ending: { state: 'succeeded' } }],
    ['of a run that somebody cancelled', { ending: { state: 'cancelled' } }],
    ['where the job asks for silence', { job: { notify: { on: [], to: [] } } }],
  ] as const) {
    test(what, (t) => {
      for (const through of [mail, undefined]) {
        const { store, say, complaints } = tell(t, { ...telling, ...(through && { through }) });
        say();
        assert.deepEqual([complaints, outboxState(store, 0).waiting], [[], 0]);
      }
    });
  }
});
