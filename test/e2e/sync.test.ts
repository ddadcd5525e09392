import assert from 'node:assert/strict';
import { readFileSync, utimesSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { PlanView } from '../../src/terminal/plan-view.ts';
import type { JobView, RunView } from '../../src/terminal/views.ts';
import { newPlace, type Place } from './place.ts';
import { builtProgram, run, start, until } from './program.ts';

const launcher = builtProgram();

const two = 'jobs:\n  a: { schedule: "0 3 * * *", command: "true" }\n  b: { schedule: "0 4 * * *", command: "true" }\n';
const one = two.replace(/ {2}b:.*\n/, '');

interface Shrinking extends Place {
  /** The table as it is. */
  written(): string;
}

/** A place with two jobs, whose file has one. */
async function shrinking(t: TestContext): Promise<Shrinking> {
  const place = newPlace(t, launcher);
  await place.install(two);
  utimesSync(place.table, 1, 1);
  place.jobs(one);
  return { ...place, written: () => readFileSync(place.table, 'utf8') };
}

/** Starts `sync` on a terminal and types an answer once it is asked for. */
async function answered(t: TestContext, place: Place, answer: string): Promise<{ status: number | null; out: string }> {
  const words = [launcher, '--file', join(place.path, 'jobs.yaml'), '--state', place.state, 'sync'].join(' ');
  const terminal = start(['script', '-qec', words, '/dev/null'], {
    stdin: 'pipe',
    cwd: place.path,
    also: { NO_COLOR: '1' },
  });
  t.after(() => terminal.process.kill('SIGKILL'));
  await until('it asks', () => terminal.out().includes('[y/N]'));
  terminal.process.stdin?.write(answer);
  return terminal.ended;
}

describe('sync on a terminal', { concurrency: true }, () => {
  it('shows what it would remove and asks, and does it on a yes', async (t) => {
    const place = await shrinking(t);
    const { status, out } = await answered(t, place, 'y\r');
    assert.equal(status, 0, out);
    assert.match(out, /- shop\/b {2}0 4 \* \* \* [\s\S]*This will remove 1 job\. Go on\? \[y\/N\]/);
    assert.equal(out.match(/shop\/b /g)?.length, 1, 'who has read the plan is not shown it again');
    assert.match(out, /1 removed, 1\s+unchanged\s+installed as revision 2/);
    assert.doesNotMatch(place.written(), /shop\/b/);
  });

  for (const [what, answer, expected] of [
    ['no', 'n\r', 1],
    ['nothing', '\r', 1],
    ['Ctrl-D', '\u0004', 1],
    ['Ctrl-C', '\u0003', 130],
  ] as const) {
    it(`changes nothing on ${what}`, async (t) => {
      const place = await shrinking(t);
      const before = place.written();
      const { status, out } = await answered(t, place, answer);
      assert.deepEqual([status, place.written()], [expected, before], out);
      // A line of its own, also where none was typed.
      assert.match(out, /\[y\/N\] \S*\r?\n+nothing was changed\r?\n/);
    });
  }

  it('breaks no word of an error, and leaves it on one line elsewhere', async (t) => {
    const place = newPlace(t, launcher);
    const words = ['--state', place.state, 'sync', '/srv/plans/of/this/shop/that/nobody/ever/saved/under/such/a/name'];
    const { out } = await run(['script', '-qec', [launcher, ...words].join(' '), '/dev/null'], {
      cwd: place.path,
      also: { NO_COLOR: '1' },
    });
    assert.match(out, /^error: there is no plan\r\n {2}\/srv\/\S+\r\n {2}→ cronwright plan --out FILE saves one\r\n/);
    const { err } = await run([launcher, ...words], { cwd: place.path });
    assert.match(err, /^error: there is no plan \/srv\/\S+\n {2}→ /);
  });
});

describe('sync without a terminal', { concurrency: true }, () => {
  it('needs --yes to remove jobs', async (t) => {
    const place = await shrinking(t);
    const before = place.written();
    const refused = await place.cronwright(['sync', '--json']);
    assert.deepEqual([refused.status, refused.out, place.written()], [2, '', before]);
    assert.match(refused.err, /would remove 1 job.*--yes/);
    const { status, out } = await place.cronwright(['sync', '--yes']);
    assert.equal(status, 0);
    assert.match(out, /0 added, 0 changed, 1 removed, 1\s+unchanged/);
  });

  it('says where a plan cannot be saved, and how a jobs file is named', async (t) => {
    const place = await shrinking(t);
    const folder = join(place.path, 'none');
    const saved = await place.cronwright(['plan', '--out', `${folder}/saved`]);
    assert.deepEqual([saved.status, saved.out], [2, '']);
    assert.ok(saved.err.startsWith(`error: cannot save the plan in ${folder}/saved: there is no folder ${folder}\n`));
    const { status, err } = await place.cronwright(['sync', join(place.path, 'jobs.yaml')]);
    assert.deepEqual([status, /holds no plan\n {2}→ a jobs file goes behind --file: /.test(err)], [2, true], err);
  });

  it('carries out a saved plan as it is, whatever options would say', async (t) => {
    const place = await shrinking(t);
    const file = join(place.path, 'saved');
    assert.equal((await place.cronwright(['plan', '--out', file])).status, 0);
    const elsewhere = { cwd: '/' };
    const done = await run([launcher, '--state', place.state, 'sync', file], elsewhere);
    assert.deepEqual([done.status, done.err], [0, '']);
    assert.doesNotMatch(place.written(), /shop\/b/);
    const again = await run([launcher, '--state', place.state, 'sync', file], elsewhere);
    assert.equal(again.status, 2);
    assert.match(again.err, /cannot be carried out any more: revision 2 has been installed since; the table of target/);
  });

  it('says who was behind sudo', { skip: userInfo().uid === 0 ? false : 'not root' }, async (t) => {
    const place = await shrinking(t);
    place.jobs(two.replace('0 3', '0 2'));
    assert.equal((await place.cronwright(['sync'], { also: { SUDO_USER: 'alice' } })).status, 0);
    const installedBy = async () => (await place.json<JobView>(['show', 'a'])).installedBy;
    assert.equal(await installedBy(), 'alice as root');
    place.jobs(two.replace('0 3', '0 5'));
    assert.equal((await place.cronwright(['sync'], { also: { SUDO_USER: 'x y\u001b' } })).status, 0);
    assert.equal(await installedBy(), 'root');
  });
});

describe('moved:', () => {
  it('gives a job another name with its runs, and says so', async (t) => {
    const place = await shrinking(t);
    place.jobs(two);
    assert.equal((await place.cronwright(['run', 'b'])).status, 0);
    place.jobs(`moved: { b: c }\n${two.replace('  b:', '  c:')}`);
    const plan = await place.json<PlanView>(['plan']);
    assert.deepEqual([plan.moved, plan.add, plan.remove], [[{ from: 'shop/b', to: 'shop/c' }], [], []]);
    const { status, out } = await place.cronwright(['sync']);
    assert.equal(status, 0);
    assert.match(out, /^→ shop\/b becomes shop\/c, with its history\n/);
    assert.match(place.written(), /run --scheduled shop\/c\n/);
    const history = await place.json<readonly RunView[]>(['history', 'c']);
    assert.deepEqual(
      history.map(({ job, state }) => [job, state]),
      [['shop/c', 'succeeded']],
    );
    assert.match((await place.cronwright(['sync'])).out, /nothing to do/);
  });
});
