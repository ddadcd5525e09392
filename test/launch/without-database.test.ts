import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { systemClock } from '../../src/clock.ts';
import { thisProcess } from '../../src/launch/holder.ts';
import { type Launched, launch } from '../../src/launch/launch.ts';
import type { Start } from '../../src/launch/world.ts';
import { startTime } from '../../src/run/tree.ts';
import { eventsOf } from '../../src/store/events.ts';
import { lastRecord, spooled } from '../../src/store/lying.ts';
import { outboxState } from '../../src/store/outbox.ts';
import { outputOf } from '../../src/store/output.ts';
import { dueRetries } from '../../src/store/retries.ts';
import { openRuns } from '../../src/store/runs.ts';
import { databasePath } from '../../src/store/state.ts';
import { closeDeadRuns } from '../../src/upkeep/dead-runs.ts';
import { tick } from '../../src/upkeep/tick.ts';
import { isAlive, silent, until } from '../run/rig.ts';
import { begin, companion } from '../store/rig.ts';
import { mailThrough, mailToFile, type Site, shell, siteOf, storeless, type TestWorld, worldOf } from './rig.ts';

function world({ store }: Site, changes: Partial<TestWorld> = {}): TestWorld {
  return worldOf(store, systemClock, changes);
}

function startOf({ installed }: Site, trigger: Start['trigger'] = 'schedule'): Start {
  return { installed, trigger, startedAt: Date.now() };
}

/** What lies in the spool of a site. */
function records({ store }: Site) {
  return spooled(store.directory, 0).flatMap((lying) => lastRecord(lying) ?? []);
}

function ran(launched: Launched): Extract<Launched, { kind: 'ran' }> {
  assert.ok(launched.kind === 'ran');
  return launched;
}

function mailsIn(site: Site): number {
  const file = join(site.store.directory, 'mails');
  return existsSync(file) ? (readFileSync(file, 'utf8').match(/^Subject: .* failed/gm)?.length ?? 0) : 0;
}

const toFile = (state: string) => mailToFile({ directory: state }).mail;
const fails = shell('echo "$CRONWRIGHT_SLOT" >>"$NOTES"; echo said; exit 4');

suite('a run without its database', () => {
  test('takes place, and its record waits in the spool for the next tick, which takes it in once', async (t) => {
    const site = siteOf(t, { command: fails });
    const alone = storeless(world(site));
    const { run, status } = ran(await launch(alone, startOf(site)));
    assert.deepEqual([status, site.notes().length, site.runs()], [4, 1, []]);
    const usable = world(site);
    await tick(usable);
    await tick(usable);
    const [recorded, ...more] = site.runs();
    assert.deepEqual(more, []);
    assert.deepEqual([recorded?.run, recorded?.state, recorded?.exitCode, recorded?.attempts], [run, 'failed', 4, 1]);
    assert.equal(recorded?.slot, Date.parse(site.notes()[0] ?? ''));
    assert.equal(Buffer.concat(outputOf(site.store, run).map(({ bytes }) => bytes)).toString(), 'said\n');
    assert.deepEqual(
      eventsOf(site.store, run).map(({ message }) => message),
      ['recorded late: the disk is gone'],
    );
    assert.deepEqual(records(site), []);
  });

  test('tells on standard error where there is no mail', async (t) => {
    const site = siteOf(t, { command: fails });
    const alone = storeless(world(site));
    await launch(alone, startOf(site));
    const said = alone.complaints.join('');
    assert.match(said, /^shop\/own-\w+ on db1 exited with status 4\./);
    assert.match(said, /^cronwright: the disk is gone$/m);
  });

  test('mails at once, and the outbox does not mail again', async (t) => {
    const site = siteOf(t, { command: fails }, toFile);
    const settings = {
      mail: toFile(site.store.directory),
      envFiles: [],
      target: 'user',
      launcher: { path: '/x', state: undefined },
    };
    await launch(storeless(world(site)), { ...startOf(site), settings });
    assert.equal(mailsIn(site), 1);
    await tick(world(site));
    await tick(world(site));
    assert.deepEqual([mailsIn(site), outboxState(site.store, 0).waiting], [1, 0]);
  });

  test('leaves its mail to the outbox where it cannot be sent now', async (t) => {
    const site = siteOf(t, { command: fails }, () => mailThrough('refuses', '75'));
    const settings = {
      mail: mailThrough('refuses', '75'),
      envFiles: [],
      target: 'user',
      launcher: { path: '/x', state: undefined },
    };
    const alone = storeless(world(site));
    await launch(alone, { ...startOf(site), settings });
    assert.match(alone.complaints.join(''), /exited with status 4/);
    await tick(world(site));
    assert.equal(outboxState(site.store, 0).waiting, 1);
  });

  test('is the only one of its slot, whether the database or the spool gave the permit first', async (t) => {
    for (const first of ['database', 'spool'] as const) {
      const site = siteOf(t, { command: fails, overlap: 'allow' });
      const start = startOf(site);
      const worlds = [world(site), storeless(world(site))];
      for (const each of first === 'database' ? worlds : worlds.toReversed()) await launch(each, start);
      assert.equal(site.notes().length, 1, first);
    }
  });

  test('is skipped while a task of the job goes on, or waits for it, or ends it, as the job has it', async (t) => {
    for (const overlap of ['skip', 'wait', 'replace'] as const) {
      const site = siteOf(t, { command: shell('echo $$ >>"$NOTES"; read word <"$GO"'), overlap });
      const first = launch(storeless(world(site)), startOf(site, 'boot'));
      const [pid] = await site.noted(1);
      const second = launch(storeless(world(site)), startOf(site, 'boot'));
      if (overlap === 'skip') {
        const skipped = await second;
        assert.ok(skipped.kind === 'skipped');
        assert.match(skipped.reason, /^run \w+ was still going$/);
        assert.equal(records(site).find(({ run }) => run.run === skipped.run)?.run.state, 'skipped');
      }
      if (overlap !== 'replace') site.go();
      await first;
      if (overlap !== 'skip') {
        await site.noted(2);
        assert.equal(isAlive(Number(pid)), false);
        site.go();
        assert.equal((await second).kind, 'ran');
      }
    }
  });

  test('that is asked to end while it waits is recorded as cancelled, and told', async (t) => {
    const site = siteOf(t, { command: shell('echo begun >>"$NOTES"; read word <"$GO"'), overlap: 'wait' });
    const first = launch(storeless(world(site)), startOf(site, 'boot'));
    await site.noted(1);
    const waiting = storeless(world(site));
    const second = launch(waiting, startOf(site, 'boot'));
    await until('the second is recorded', () => records(site).length === 2);
    waiting.canceller.abort('SIGTERM');
    const { run, status, outcome } = ran(await second);
    assert.deepEqual([status, outcome.attempts], [143, 0]);
    assert.equal(records(site).find((record) => record.run.run === run)?.run.state, 'cancelled');
    assert.match(waiting.complaints.join(''), /was cancelled by SIGTERM/);
    site.go();
    await first;
  });

  test('that is killed is interrupted in the end, and owes the attempt that it waited for', async (t) => {
    const retry = { attempts: 3, delay: 60_000, backoff: 'fixed', maxDelay: 60_000, jitter: 0, on: 'any' } as const;
    const site = siteOf(t, { command: shell('echo tried >>"$NOTES"; exit 1'), retry });
    const whole = `${databasePath(site.store.directory)}.whole`;
    renameSync(databasePath(site.store.directory), whole);
    const { child, ended } = site.start('run', '--at-boot', site.job);
    await until('it waits for its next attempt', () => records(site)[0]?.run.retryAt != null);
    const at = records(site)[0]?.run.retryAt;
    child.kill('SIGKILL');
    await ended;
    renameSync(whole, databasePath(site.store.directory));
    const clock = { ...systemClock, now: () => Date.now() };
    await tick(worldOf(site.store, clock));
    const [run] = site.runs();
    assert.deepEqual([run?.state, run?.retryAt, run?.retryAttempt], ['interrupted', at, 2]);
  });

  test('that is asked to end between two attempts owes none', async (t) => {
    const retry = { attempts: 3, delay: 60_000, backoff: 'fixed', maxDelay: 60_000, jitter: 0, on: 'any' } as const;
    const site = siteOf(t, { command: shell('exit 1'), retry });
    const alone = { ...storeless(world(site)) };
    const waits = Promise.withResolvers<void>();
    const launched = launch({ ...alone, onlooker: { ...silent, waiting: () => waits.resolve() } }, startOf(site));
    await waits.promise;
    alone.canceller.abort('SIGTERM');
    await launched;
    await tick(world(site));
    const [run] = site.runs();
    assert.deepEqual([run?.state, run?.retryAt], ['cancelled', null]);
    assert.deepEqual(dueRetries(site.store, Date.now() + 3_600_000), []);
  });
});

suite('a database that fails while a task runs', () => {
  /** Launches a job whose task goes on until `meanwhile` has spoilt the database. */
  async function spoilt(t: TestContext, meanwhile: (path: string) => void) {
    const command = shell('echo begun >>"$NOTES"; read word <"$GO"; echo said; exit 4');
    const site = siteOf(t, { command }, toFile);
    const own = world(site);
    const launched = launch(own, startOf(site));
    await site.noted(1);
    const path = databasePath(site.store.directory);
    meanwhile(path);
    site.go();
    return { site, own, path, ...ran(await launched) };
  }

  test('does not keep its end from being recorded and told: once, in whatever order', async (t) => {
    const { site, own, path, run, status } = await spoilt(t, (database) => {
      renameSync(database, `${database}.whole`);
      writeFileSync(database, 'rubbish '.repeat(1_000));
    });
    assert.equal(status, 4);
    const [record] = records(site);
    assert.deepEqual([record?.run.run, record?.run.state, record?.mails], [run, 'failed', []]);
    assert.match(own.complaints.join(''), /was removed or replaced/);
    assert.equal(mailsIn(site), 1);
    renameSync(`${path}.whole`, path);
    // This process lives, and the run is its own: only the record tells that it is over.
    await tick(world(site));
    await tick(world(site));
    assert.deepEqual(
      site.runs().map(({ run: name, state, attempts }) => [name, state, attempts]),
      [[run, 'failed', 1]],
    );
    assert.deepEqual([mailsIn(site), records(site)], [1, []]);
  });

  test('does not keep a start waiting once the processes in its way are gone', async (t) => {
    const site = siteOf(t, { command: shell('echo ran >>"$NOTES"'), overlap: 'wait' });
    const holder = spawn('sleep', ['1000']);
    t.after(() => holder.kill('SIGKILL'));
    await once(holder, 'spawn');
    const pid = holder.pid ?? 0;
    begin(site.store, { run: '0', job: site.job, at: 1, holder: { ...thisProcess(), pid, born: startTime(pid) ?? 0 } });
    const launched = launch(world(site), startOf(site));
    assert.equal(site.runs()[1]?.state, 'waiting');
    const path = databasePath(site.store.directory);
    renameSync(path, `${path}.whole`);
    holder.kill('SIGKILL');
    const { run } = ran(await launched);
    assert.deepEqual([site.notes(), records(site)[0]?.run.state], [['ran'], 'succeeded']);
    renameSync(`${path}.whole`, path);
    await tick(world(site));
    const recorded = site.runs().find((one) => one.run === run);
    assert.deepEqual([recorded?.state, recorded?.slot === null], ['succeeded', false]);
  });

  test('leaves a run that nobody takes for interrupted while its record lies in the spool', async (t) => {
    const site = siteOf(t, { command: shell('echo ran >>"$NOTES"') });
    const own = world(site);
    const { run } = ran(await launch(storeless(own), startOf(site)));
    begin(site.store, { run, job: site.job, at: 1 });
    closeDeadRuns(own);
    assert.deepEqual(
      openRuns(site.store).map((open) => open.run),
      [run],
    );
    await tick(own);
    assert.equal(site.runs()[0]?.state, 'succeeded');
  });
});

suite('a database that is locked whole', () => {
  test('delays a task by seconds, and no more', async (t) => {
    const site = siteOf(t, { command: shell('echo ran >>"$NOTES"') });
    const other = companion(t, 'locks-database', site.store.directory);
    // Another reader keeps it from being locked.
    site.store.close();
    assert.equal(await other.line(), 'locked');
    const { status, said } = await site.start('run', '--scheduled', site.job).ended;
    assert.deepEqual([status, site.notes()], [0, ['ran']]);
    assert.match(said, /cannot use the database .*locked/);
    assert.equal(records(site)[0]?.run.state, 'succeeded');
    other.go();
    await other.rest();
  });
});
