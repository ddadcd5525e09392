import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { JobRowView, LogView, RunView } from '../../src/terminal/views.ts';
import { skipWithout } from '../schedule/requirement.ts';
import { writeFile } from '../temporary.ts';
import { Screen } from '../terminal/screen.ts';
import { newPlace, type Place } from './place.ts';
import { builtProgram, type Running, run, start, until } from './program.ts';

const launcher = builtProgram();

/** script(1) gives a program a terminal. */
const noTerminal = skipWithout(existsSync('/usr/bin/script'), 'script');

/** A job that reports, then waits until there is a file `gate`. */
const reports = (place: Place) => `jobs:
  reports:
    schedule: "@daily"
    overlap: skip
    grace: 1s
    command: |
      echo begun; echo trouble >&2
      echo '{"level":"warning","message":"half \\u001b[2Jway"}' >&3
      echo '{"progress":0.4}' >&3
      echo '{"result":{"deleted":1200}}' >&3
      until [ -e ${place.path}/gate ]; do sleep 0.05; done
      printf 'no line end'
      exit 3
  bytes: { schedule: "@daily", command: "head -c 100000 /dev/urandom | tee copy; echo trouble >&2", cwd: ${place.path} }
  floods: { schedule: "@daily", command: "head -c 100000 /dev/zero", output: { keep: 4KiB } }
  paints: { schedule: "@daily", command: "printf '\\\\033[2J\\\\033]0;title\\\\007 text\\\\n'" }
`;

async function newJobs(t: TestContext): Promise<Place> {
  const place = newPlace(t, launcher);
  await place.install(reports(place));
  return place;
}

function openGate({ path }: Place): void {
  writeFile(path, 'gate', '');
}

/** The run of `reports`, once its reports are recorded. */
async function reporting(place: Place): Promise<Running> {
  const running = place.start(['run', 'reports']);
  const current = async () =>
    (await place.json<readonly JobRowView[]>(['list'])).find(({ current }) => current)?.current;
  await until('it says how far it is', async () => (await current())?.progress === 0.4);
  return running;
}

describe('run', { concurrency: true }, () => {
  it('prints what the task writes and reports, each to its stream, and the result at the end', async (t) => {
    const place = await newJobs(t);
    openGate(place);
    const { status, out, err } = await place.cronwright(['run', 'reports']);
    assert.equal(status, 3);
    assert.equal(out, 'begun\nno line end');
    assert.match(err, /^warning: half way$/m);
    assert.match(
      err,
      /^result {"deleted":1200}\nshop\/reports failed after .*: it exited with status 3 \(run \w{13}\)\n$/m,
    );
    assert.ok(!err.includes('\u001b') && !err.includes('40%'), err);
  });

  it('says why a start was skipped, with status 125', async (t) => {
    const place = await newJobs(t);
    const running = await reporting(place);
    const { status, out, err } = await place.cronwright(['run', 'reports']);
    assert.deepEqual([status, out], [125, '']);
    assert.match(err, /^shop\/reports was not run: run \w{13} \(process \d+, .*\) was still going \(run \w{13}\)\n$/);
    const json = await place.cronwright(['run', 'reports', '--json']);
    assert.equal(json.status, 125);
    const skipped = JSON.parse(json.out) as RunView;
    assert.equal(skipped.state, 'skipped');
    assert.match((await place.cronwright(['history', 'reports'])).out, /skipped: run \w{13} \(process/);
    openGate(place);
    assert.equal((await running.ended).status, 3);
  });

  it('goes on when nobody reads of it any more', async (t) => {
    const place = await newJobs(t);
    const line = `"${launcher}" --state "${place.state}" run reports 2>&1 | head -1`;
    const reader = run(['bash', '-c', line], { cwd: place.path });
    await until('it runs', async () => (await place.json<readonly RunView[]>(['history']))[0]?.progress === 0.4);
    openGate(place);
    assert.equal((await reader).status, 0);
    await until('it ends', async () => (await place.json<readonly RunView[]>(['history']))[0]?.state === 'failed');
  });

  it('has a line that shows how far it is on a terminal, and leaves none behind', { skip: noTerminal }, async (t) => {
    const place = await newJobs(t);
    const words = `stty cols 80; ${launcher} --state ${place.state} run reports`;
    const shown = start(['script', '-qec', words, '/dev/null'], { cwd: place.path });
    await until('the line is there', () => shown.out().includes('40%'));
    openGate(place);
    const { out, status } = await shown.ended;
    assert.equal(status, 3);
    const lines = new Screen(out).lines.map((line) => line.trimEnd());
    assert.deepEqual(lines.slice(0, 3).toSorted(), ['begun', 'trouble', 'warning: half way']);
    assert.deepEqual([lines.at(-2)?.startsWith('shop/reports failed after'), lines.at(-1)], [true, '']);
    assert.ok(lines.includes('no line end'), out);
    assert.match(out, /shop\/reports \[={8}-{12}\] {2}40% /);
  });
});

describe('logs', { concurrency: true }, () => {
  it('tells what a task reported, gave and used', async (t) => {
    const place = await newJobs(t);
    const running = await reporting(place);
    openGate(place);
    await running.ended;
    const { out } = await place.cronwright(['logs', 'reports']);
    assert.match(out, /\n {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d warning: half way\n/);
    assert.match(out, /\n {2}result {"deleted":1200}\n/);
    assert.match(out, /\n {2}used (?:<10ms|\d+ms|[\d.]+s) of processor time, at most [\d.]+ MiB of memory\n/);
    const { run: seen, result } = await place.json<LogView>(['logs', 'reports']);
    assert.deepEqual(result, { deleted: 1200 });
    assert.deepEqual([seen.progress, typeof seen.cpuMs, typeof seen.peakMemory], [0.4, 'number', 'number']);
    assert.match((await place.cronwright(['history', 'reports'])).out, /^RUN +STARTED +TOOK +CPU +MEM +STATE\n/);
  });

  it('shows messages, output and the end of a run that goes on', async (t) => {
    const place = await newJobs(t);
    const running = await reporting(place);
    assert.match((await place.cronwright(['list'])).out, /shop\/reports .* running 40%, for /);
    const follower = place.start(['logs', 'reports', '--follow']);
    await until('it is shown', () => follower.out().includes('begun'));
    assert.match(follower.out(), / is running, 40% done\n/);
    openGate(place);
    const { status, out } = await follower.ended;
    assert.equal(status, 0);
    assert.match(out, /no line end\nresult {"deleted":1200}\nshop\/reports exited with status 3 after .*\n$/);
    await running.ended;
  });

  it('ends with a run whose wrapper and task were killed', async (t) => {
    const place = await newJobs(t);
    const running = await reporting(place);
    const follower = place.start(['logs', 'reports', '--follow']);
    await until('it is shown', () => follower.out().includes('begun'));
    running.process.kill('SIGKILL');
    // The task has no wrapper now and still holds the run, until it has ended too.
    await running.ended.then(() => openGate(place));
    const { status, out } = await follower.ended;
    assert.equal(status, 0);
    assert.match(out, /shop\/reports was interrupted: its wrapper is gone/);
  });

  it('prints with --follow --json once, at the end', async (t) => {
    const place = await newJobs(t);
    const running = await reporting(place);
    const follower = place.start(['logs', 'reports', '--follow', '--json']);
    openGate(place);
    const { out } = await follower.ended;
    assert.equal((JSON.parse(out) as LogView).run.state, 'failed');
    await running.ended;
  });

  it('gives the bytes of each stream back as they were, with --raw', async (t) => {
    const place = await newJobs(t);
    await place.cronwright(['run', 'bytes']);
    const words = ['--state', place.state, 'logs', 'bytes', '--raw'];
    const { stdout, stderr } = spawnSync(launcher, words, { encoding: 'buffer', maxBuffer: 1e7 });
    const copy = spawnSync('cat', [join(place.path, 'copy')], { encoding: 'buffer', maxBuffer: 1e7 }).stdout;
    assert.ok(copy.length === 100_000 && stdout.equals(copy));
    assert.equal(stderr.toString(), 'trouble\n');
    assert.equal((await place.cronwright(['logs', 'bytes', '--raw', '--json'])).status, 2);
  });

  it('says on standard error where the middle of raw bytes was not kept', async (t) => {
    const place = await newJobs(t);
    await place.cronwright(['run', 'floods']);
    const { out, err } = await place.cronwright(['logs', 'floods', '--raw']);
    assert.ok(out.length > 3_000 && out.length <= 4_096, String(out.length));
    assert.match(err, /^cronwright: the middle of the output, 9\d,\d{3} bytes, was not kept\n$/);
  });

  it('shows nothing that could change a terminal', async (t) => {
    const place = await newJobs(t);
    await place.cronwright(['run', 'paints']);
    const { out } = await place.cronwright(['logs', 'paints']);
    assert.ok(out.endsWith(' text\n') && !out.includes('\u001b') && !out.includes('\u0007'), JSON.stringify(out));
    assert.ok((await place.cronwright(['logs', 'paints', '--raw'])).out.startsWith('\u001b[2J'));
  });
});
