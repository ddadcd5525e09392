import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { thisProcess } from '../../src/launch/holder.ts';
import { outboxState } from '../../src/store/outbox.ts';
import { openRuns, type Run, requestCancel } from '../../src/store/runs.ts';
import { fixture, isAlive, until } from '../run/rig.ts';
import { begin } from '../store/rig.ts';
import { mailThrough, type Site, shell, siteOf } from './rig.ts';

/** Says that it is there, and with which process, until somebody lets it go on. */
const awaitsGo = shell('echo "$CRONWRIGHT_RUN $$" >>"$NOTES"; read word <"$GO"; echo ended >>"$NOTES"');

const mail = () => mailThrough('refuses', '1');

async function waits({ store }: Site): Promise<void> {
  await until('a start waits for its turn', () => openRuns(store).some(({ state }) => state === 'waiting'));
}

function states(site: Site): readonly string[] {
  return site.runs().map(({ state }) => state);
}

/** The run of that number, from 0, in the order of their starts. */
function runOf(site: Site, number: number): Run {
  const run = site.runs()[number];
  assert.ok(run);
  return run;
}

/** A run whose task goes on although its wrapper was killed. */
async function orphan(site: Site): Promise<{ readonly run: string; readonly pid: number }> {
  const { child, ended } = site.start('run', '--at-boot', site.job);
  const [note = ''] = await site.noted(1);
  const [run = '', pid] = note.split(' ');
  await until('the process is recorded', () => openRuns(site.store)[0]?.taskPid === Number(pid));
  child.kill('SIGKILL');
  await ended;
  return { run, pid: Number(pid) };
}

suite('a start while another run of the job goes on', () => {
  test('is skipped, and says because of whom', async (t) => {
    const site = siteOf(t, { command: awaitsGo, overlap: 'skip' }, mail);
    const first = site.start('run', '--at-boot', site.job);
    await site.noted(1);
    assert.deepEqual(await site.start('run', '--at-boot', site.job).ended, { status: 0, said: '' });
    const [going, skipped] = [runOf(site, 0), runOf(site, 1)];
    assert.deepEqual([going.state, skipped.state, skipped.attempts], ['running', 'skipped', 0]);
    const words = new RegExp(`^run ${going.run} \\(process ${first.child.pid}, started .* before\\) was still going$`);
    assert.match(skipped.reason ?? '', words);
    site.go();
    await first.ended;
    assert.deepEqual(states(site), ['succeeded', 'skipped']);
    assert.equal(outboxState(site.store, 0).waiting, 0);
  });

  test('runs beside it where the job allows that', async (t) => {
    const site = siteOf(t, { command: awaitsGo, overlap: 'allow' });
    const wrappers = [site.start('run', '--at-boot', site.job), site.start('run', '--at-boot', site.job)];
    await site.noted(2);
    assert.deepEqual(states(site), ['running', 'running']);
    for (const number of [3, 4]) {
      site.go();
      await site.noted(number);
    }
    await Promise.all(wrappers.map(({ ended }) => ended));
  });

  test('waits for its end, alone, and then runs', async (t) => {
    const site = siteOf(t, { command: awaitsGo, overlap: 'wait' });
    const first = site.start('run', '--at-boot', site.job);
    await site.noted(1);
    const second = site.start('run', '--at-boot', site.job);
    await waits(site);
    await site.start('run', '--at-boot', site.job).ended;
    assert.deepEqual(states(site), ['running', 'waiting', 'skipped']);
    assert.match(runOf(site, 2).reason ?? '', /was waiting for its turn already$/);
    site.go();
    await first.ended;
    await site.noted(3);
    assert.deepEqual(states(site), ['succeeded', 'running', 'skipped']);
    site.go();
    assert.equal((await second.ended).status, 0);
    assert.equal(site.notes()[1], 'ended');
  });

  test('gives up once it has waited long enough, and says so', async (t) => {
    const site = siteOf(t, { command: awaitsGo, overlap: 'wait', waitUpTo: 300 });
    const first = site.start('run', '--at-boot', site.job);
    await site.noted(1);
    assert.deepEqual(await site.start('run', '--at-boot', site.job).ended, { status: 0, said: '' });
    const { state, reason } = runOf(site, 1);
    assert.deepEqual([state, reason], ['skipped', `waited 300 ms for run ${runOf(site, 0).run}`]);
    site.go();
    await first.ended;
  });

  test('replaces it: the other is ended with all of its processes, cancelled, neither tried again nor told', async (t) => {
    const retry = { attempts: 3, delay: 1, backoff: 'fixed', maxDelay: 1, jitter: 0, on: 'any' } as const;
    const command = shell(`echo "$CRONWRIGHT_RUN" >>"$NOTES"; exec '${fixture('leaves-a-session')}' >>"$NOTES"`);
    const site = siteOf(t, { command, overlap: 'replace', retry }, mail);
    const first = site.start('run', '--at-boot', site.job);
    const [old = '', ready = ''] = await site.noted(2);
    const grandchild = Number(ready.split(' ')[1]);
    const second = site.start('run', '--at-boot', site.job);
    await site.noted(4);
    assert.equal((await first.ended).status, 128 + 15);
    const [ended, going] = [runOf(site, 0), runOf(site, 1)];
    assert.deepEqual(
      [ended.run, ended.state, ended.reason, ended.attempts, ended.retryAt],
      [old, 'cancelled', `was cancelled by run ${going.run}, which replaces it`, 1, null],
    );
    assert.deepEqual([isAlive(grandchild), going.state], [false, 'running']);
    second.child.kill('SIGTERM');
    await second.ended;
    const told = site.store.db.all<{ run: string }>('SELECT run FROM outbox');
    assert.deepEqual(told, [{ run: going.run }]);
  });

  test('takes no notice of one whose processes are all gone', async (t) => {
    for (const overlap of ['skip', 'wait', 'replace'] as const) {
      const site = siteOf(t, { command: shell('echo ran >>"$NOTES"'), overlap });
      begin(site.store, { run: 'dead', job: site.job, at: 1 });
      await site.start('run', '--at-boot', site.job).ended;
      assert.deepEqual([overlap, states(site), site.notes()], [overlap, ['succeeded', 'running'], ['ran']]);
    }
  });

  test('is never one of two that both run, however many start at once', async (t) => {
    const site = siteOf(t, { command: shell('echo begun >>"$NOTES"; read word <"$GO"'), overlap: 'skip' });
    const wrappers = Array.from({ length: 6 }, () => site.start('run', '--at-boot', site.job));
    await until('all but one were skipped', () => states(site).filter((state) => state === 'skipped').length === 5);
    await site.noted(1);
    site.go();
    await Promise.all(wrappers.map(({ ended }) => ended));
    assert.deepEqual(states(site).toSorted(), [...Array(5).fill('skipped'), 'succeeded']);
    assert.deepEqual(site.notes(), ['begun']);
  });
});

suite('a task that has outlived its killed wrapper', () => {
  test('still keeps a start out', async (t) => {
    const site = siteOf(t, { command: awaitsGo, overlap: 'skip' });
    const { run } = await orphan(site);
    await site.start('run', '--at-boot', site.job).ended;
    assert.match(runOf(site, 1).reason ?? '', new RegExp(`^run ${run} .* was still going$`));
  });

  test('is waited for', async (t) => {
    const site = siteOf(t, { command: awaitsGo, overlap: 'wait' });
    await orphan(site);
    const second = site.start('run', '--at-boot', site.job);
    await waits(site);
    site.go();
    const [, ended, next = ''] = await site.noted(3);
    assert.deepEqual([ended, next.split(' ')[0]], ['ended', runOf(site, 1).run]);
    site.go();
    await second.ended;
  });

  test('is ended by a start that replaces it', async (t: TestContext) => {
    const site = siteOf(t, { command: awaitsGo, overlap: 'replace' });
    const { run, pid } = await orphan(site);
    const second = site.start('run', '--at-boot', site.job);
    await site.noted(2);
    assert.equal(isAlive(pid), false);
    const ended = runOf(site, 0);
    const by = `was cancelled by run ${runOf(site, 1).run}, which replaces it`;
    assert.deepEqual([ended.run, ended.state, ended.reason], [run, 'cancelled', by]);
    site.go();
    await second.ended;
  });
});

suite('a wrapper that is asked to end', () => {
  /** What became of the wrapper's run: its state, its attempts, its reason, and whether it is told. */
  async function afterTerm(site: Site, { child, ended }: ReturnType<Site['start']>, by?: string) {
    const run = site.runs().at(-1);
    assert.ok(run);
    if (by !== undefined) requestCancel(site.store, run.run, by);
    child.kill('SIGTERM');
    const { status } = await ended;
    const { state, attempts, reason } = site.runs().find((one) => one.run === run.run) ?? run;
    const told = site.store.db.all('SELECT 1 FROM outbox WHERE run = ?', run.run).length;
    return { status, state, attempts, reason, told };
  }

  const retry = { attempts: 3, delay: 3_600_000, backoff: 'fixed', maxDelay: 3_600_000, jitter: 0, on: 'any' } as const;
  const stages = {
    'while it waits for its turn': async (t: TestContext) => {
      const site = siteOf(t, { command: awaitsGo, overlap: 'wait' }, mail);
      begin(site.store, { run: '0', job: site.job, at: 1, holder: thisProcess() });
      const wrapper = site.start('run', '--scheduled', site.job);
      await waits(site);
      return { site, wrapper, attempts: 0 };
    },
    'in an attempt': async (t: TestContext) => {
      const site = siteOf(t, { command: awaitsGo }, mail);
      const wrapper = site.start('run', '--scheduled', site.job);
      await site.noted(1);
      return { site, wrapper, attempts: 1 };
    },
    'between two attempts': async (t: TestContext) => {
      const site = siteOf(t, { command: shell('echo tried >>"$NOTES"; exit 1'), retry }, mail);
      const wrapper = site.start('run', '--scheduled', site.job);
      await until('it waits for another attempt', () => openRuns(site.store)[0]?.retryAt != null);
      return { site, wrapper, attempts: 1 };
    },
  };

  for (const [stage, reach] of Object.entries(stages)) {
    test(`${stage} records that, and tells, because nobody has said that he asked for it`, async (t) => {
      const { site, wrapper, attempts } = await reach(t);
      const reason = 'was cancelled by SIGTERM';
      assert.deepEqual(await afterTerm(site, wrapper), { status: 143, state: 'cancelled', attempts, reason, told: 1 });
      assert.equal(site.runs().at(-1)?.retryAt, null);
    });

    test(`${stage} tells nobody where somebody has said so`, async (t) => {
      const { site, wrapper, attempts } = await reach(t);
      const { state, reason, told, ...rest } = await afterTerm(site, wrapper, 'ann on db1');
      assert.deepEqual({ state, reason, told }, { state: 'cancelled', reason: 'was cancelled by ann on db1', told: 0 });
      assert.equal(rest.attempts, attempts);
    });
  }
});
