import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { RunView } from '../../src/terminal/views.ts';
import { isAlive } from '../run/rig.ts';
import { newPlace, type Place } from './place.ts';
import { builtProgram, type Running, until } from './program.ts';

const launcher = builtProgram();

const jobs = `jobs:
  tree:
    schedule: "@daily"
    command: "sleep 60 & echo child $!; setsid sleep 60 & echo session $!; echo begun; wait"
    grace: 5s
    retry: { attempts: 3, delay: 1ms }
  many: { schedule: "@daily", command: "echo begun; sleep 60", overlap: allow }
  waits: { schedule: "@daily", command: "echo begun; sleep 60", overlap: wait }
  deaf: { schedule: "@daily", command: "trap '' TERM; echo begun; while :; do sleep 0.1; done", grace: 200ms }
  dies: { schedule: "@daily", command: "echo task $$; echo begun; sleep 60" }
  quick: { schedule: "@daily", command: "true" }
`;

async function newJobs(t: TestContext): Promise<Place> {
  const place = newPlace(t, launcher);
  await place.install(jobs);
  return place;
}

/** A run of a job whose task has begun. */
async function begun(place: Place, job: string): Promise<Running> {
  const running = place.start(['run', job]);
  await until('the task has begun', () => running.out().includes('begun'));
  return running;
}

async function states(place: Place, job: string): Promise<readonly string[]> {
  return (await place.json<readonly RunView[]>(['history', job])).map(({ state }) => state);
}

describe('cancel', { concurrency: true }, () => {
  it('ends a run with all of its processes, and says who it was', async (t) => {
    const place = await newJobs(t);
    const running = await begun(place, 'tree');
    const pids = [...running.out().matchAll(/(?:child|session) (\d+)/g)].map(([, pid]) => Number(pid));
    const { status, out, err } = await place.cronwright(['cancel', 'tree']);
    assert.equal(status, 0, err);
    assert.match(err, /^ending shop\/tree \w{13}, running for [\d.]+s: processes .*\(sleep\)/);
    assert.match(out, /^shop\/tree \w{13} was cancelled by \S+ on \S+ after /);
    assert.deepEqual(pids.filter(isAlive), []);
    const ended = await running.ended;
    assert.equal(ended.status, 143);
    assert.match(ended.err, /shop\/tree cancelled after .*: it was cancelled by \S+ on /);
    const [run, ...more] = await place.json<readonly RunView[]>(['history', 'tree']);
    assert.deepEqual([run?.state, run?.attempts, more.length], ['cancelled', 1, 0]);
    assert.match(run?.reason ?? '', /^was cancelled by \S+ on \S+$/);
  });

  it('has nothing to do where nothing goes on, which is status 1', async (t) => {
    const place = await newJobs(t);
    await place.cronwright(['run', 'quick']);
    const { status, out, err } = await place.cronwright(['cancel', 'quick']);
    assert.deepEqual({ status, out, err }, { status: 1, out: 'quick is not running\n', err: '' });
    const [run] = await place.json<readonly RunView[]>(['history', 'quick']);
    assert.equal((await place.cronwright(['cancel', run?.run ?? ''])).status, 1);
    assert.deepEqual(await place.json(['cancel', 'quick']), []);
    assert.equal((await place.cronwright(['cancel', 'nobody'])).status, 2);
  });

  it('wants to know which of several runs is meant', async (t) => {
    const place = await newJobs(t);
    const both = [await begun(place, 'many'), await begun(place, 'many')];
    const refused = await place.cronwright(['cancel', 'many']);
    assert.equal(refused.status, 2);
    assert.match(refused.err, /shop\/many has several runs: \w{13} \(running for .*, \w{13} \(running for /);
    assert.deepEqual(await states(place, 'many'), ['running', 'running']);
    const [newest] = await place.json<readonly RunView[]>(['history', 'many']);
    assert.equal((await place.cronwright(['cancel', newest?.run ?? ''])).status, 0);
    assert.deepEqual(await states(place, 'many'), ['cancelled', 'running']);
    const rest = await place.json<readonly RunView[]>(['cancel', 'many', '--all']);
    assert.deepEqual(
      rest.map(({ state }) => state),
      ['cancelled'],
    );
    await Promise.all(both.map(({ ended }) => ended));
  });

  it('ends a start that waits for its turn, and leaves alone the run that it waits for', async (t) => {
    const place = await newJobs(t);
    const first = await begun(place, 'waits');
    const second = place.start(['run', 'waits']);
    await until('one waits', async () => (await states(place, 'waits'))[0] === 'waiting');
    assert.match(second.err(), /waiting for run \w{13}, up to 1 hour/);
    assert.match((await place.cronwright(['logs', 'waits'])).out, /^shop\/waits \w{13} is waiting for its turn\n/);
    const [waiting] = await place.json<readonly RunView[]>(['history', 'waits', '--only', 'waiting']);
    assert.equal((await place.cronwright(['cancel', waiting?.run ?? ''])).status, 0);
    const ended = await second.ended;
    assert.equal(ended.status, 143);
    assert.match(ended.err, /was cancelled by \S+ on \S+ /);
    assert.deepEqual(await states(place, 'waits'), ['cancelled', 'running']);
    assert.equal((await place.cronwright(['cancel', 'waits'])).status, 0);
    await first.ended;
  });

  it('has its way with a task that does not heed TERM', async (t) => {
    const place = await newJobs(t);
    const running = await begun(place, 'deaf');
    assert.equal((await place.cronwright(['cancel', 'deaf'])).status, 0);
    assert.deepEqual(await states(place, 'deaf'), ['cancelled']);
    await running.ended;
  });

  it('ends a task whose wrapper was killed', async (t) => {
    const place = await newJobs(t);
    const running = await begun(place, 'tree');
    const pids = [...running.out().matchAll(/(?:child|session) (\d+)/g)].map(([, pid]) => Number(pid));
    running.process.kill('SIGKILL');
    await until('the wrapper is gone', () => running.process.signalCode !== null);
    assert.equal((await place.cronwright(['cancel', 'tree'])).status, 0);
    assert.deepEqual(pids.filter(isAlive), []);
    assert.deepEqual(await states(place, 'tree'), ['cancelled']);
  });
});

describe('unlock', { concurrency: true }, () => {
  it('says that nothing holds a job, which is status 1', async (t) => {
    const place = await newJobs(t);
    const { status, out } = await place.cronwright(['unlock', 'quick']);
    assert.deepEqual({ status, out }, { status: 1, out: 'nothing holds shop/quick: no run of it is open\n' });
    assert.deepEqual(await place.json(['unlock', 'quick']), []);
  });

  it('closes a run whose processes are gone', async (t) => {
    const place = await newJobs(t);
    const running = await begun(place, 'dies');
    running.process.kill('SIGKILL');
    const [, pid] = /task (\d+)/.exec(running.out()) ?? [];
    process.kill(-Number(pid), 'SIGKILL');
    await running.ended;
    const { status, out } = await place.cronwright(['unlock', 'dies']);
    assert.equal(status, 0);
    assert.match(out, /^shop\/dies \w{13} was interrupted: its wrapper is gone/);
    assert.equal((await place.cronwright(['unlock', 'dies'])).status, 1);
  });

  it('tells what holds a job, and leaves it alone', async (t) => {
    const place = await newJobs(t);
    const running = await begun(place, 'many');
    const { status, out, err } = await place.cronwright(['unlock', 'many']);
    assert.equal(status, 1);
    assert.equal(out, 'no run of shop/many was closed: what is open lives\n');
    assert.match(err, new RegExp(`\\w{13} is running for .*: process ${running.process.pid}\\n`));
    assert.match(err, /cronwright cancel shop\/many ends it; --force gives up/);
    assert.deepEqual(await states(place, 'many'), ['running']);
  });

  it('gives a run up that lives, with --force, and does not end it', async (t) => {
    const place = await newJobs(t);
    const running = await begun(place, 'many');
    const { status, out } = await place.cronwright(['unlock', 'many', '--force']);
    assert.equal(status, 0);
    const words = `was given up by \\S+ on \\S+; process ${running.process.pid} may still be running`;
    assert.match(out, new RegExp(`^shop/many \\w{13} ${words}\\n$`));
    assert.equal(running.process.exitCode, null);
    const [run] = await place.json<readonly RunView[]>(['history', 'many']);
    assert.equal(run?.state, 'interrupted');
    running.process.kill('SIGTERM');
    await running.ended;
    assert.deepEqual(await states(place, 'many'), ['interrupted'], 'what was told stands');
  });
});
