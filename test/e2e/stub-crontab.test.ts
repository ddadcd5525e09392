import assert from 'node:assert/strict';
import { accessSync, mkdirSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { isAlive } from '../run/rig.ts';
import { skipWithout } from '../schedule/requirement.ts';
import { writeFile } from '../temporary.ts';
import { newPlace, type Place, withOwnVarLib } from './place.ts';
import { builtProgram, type Ended, run, until } from './program.ts';

/** A crontab program that does what it should, before anything of its own. */
const honest = `
case "$1" in
-l) cat "$store" 2>/dev/null || { echo "no crontab for tester" >&2; exit 1; } ;;
-r) rm "$store" ;;
-) cat >"$store" ;;
esac`;

const byHand = 'MAILTO=ops\n\n0 4 * * *  by-hand   # twice  the blanks\n';

const oneJob = 'jobs: { backup: { schedule: "0 3 * * *", command: backup } }\n';
const twoJobs =
  'jobs:\n  backup: { schedule: "0 5 * * *", command: backup }\n  clean: { schedule: "@daily", command: clean }\n';

/** A place with one installed job, whose jobs file asks for two, and a crontab program that is to misbehave. */
interface Rig {
  readonly place: Place;
  /** Puts a misbehaviour in front of what the program should do. */
  misbehave(script: string): void;
  cronwright(...words: string[]): Promise<Ended>;
  table(): string;
}

const present = userInfo().uid !== 0 || canUnshare();

function canUnshare(): boolean {
  try {
    accessSync('/usr/bin/unshare');
    return true;
  } catch {
    return false;
  }
}

const launcher = present ? builtProgram() : '';

async function makeRig(t: TestContext): Promise<Rig> {
  const place = newPlace(t, launcher);
  const bin = join(place.path, 'bin');
  mkdirSync(bin);
  const store = join(place.path, 'stored');
  const misbehave = (script: string) =>
    void writeFile(bin, 'crontab', `#!/bin/sh\nplace=${place.path}\nstore=${store}\n${script}\n${honest}\n`, 0o755);
  const env = { PATH: `${bin}:${process.env.PATH}`, HOME: place.path };
  const file = ['--file', join(place.path, 'jobs.yaml'), '--state', place.state];
  const cronwright = (...words: string[]) => run(withOwnVarLib(place, [launcher, ...file, ...words]), { env });
  writeFile(place.path, 'stored', byHand);
  misbehave('');
  place.jobs(oneJob);
  const first = await cronwright('sync');
  assert.equal(first.status, 0, first.err);
  assert.ok(readFileSync(store, 'utf8').startsWith(byHand));
  place.jobs(twoJobs);
  return { place, misbehave, cronwright, table: () => readFileSync(store, 'utf8') };
}

/** What the program says and what remains, whatever the crontab program did. */
async function refuses(rig: Rig, words: readonly string[], expected: RegExp, table = rig.table()): Promise<void> {
  const [installed, wanted] = [
    await rig.cronwright('list', '--json'),
    await rig.cronwright('show', 'backup', '--json'),
  ];
  const { status, out, err } = await rig.cronwright(...words);
  assert.deepEqual({ status, out }, { status: 2, out: '' }, err);
  assert.match(err, expected);
  assert.doesNotMatch(err, /\n +at |bug:/);
  assert.equal(rig.table(), table, 'the table is as it was');
  const later = await rig.cronwright('list', '--json');
  assert.deepEqual(withoutNext(later.out), withoutNext(installed.out), 'what is installed is as it was');
  assert.deepEqual(await rig.cronwright('show', 'backup', '--json'), wanted);
}

const withoutNext = (json: string) => JSON.parse(json, (name, value: unknown) => (name === 'next' ? undefined : value));

const skip = skipWithout(present, 'unshare');

describe('a crontab program that', { concurrency: true, skip }, () => {
  it('fails to list for another reason than an empty table stops plan and sync', async (t) => {
    const rig = await makeRig(t);
    rig.misbehave('[ "$1" = -l ] && { echo "crontab: Input/output error" >&2; exit 1; }');
    const said = /cannot read the crontab: crontab -l ended with status 1: crontab: Input\/output error/;
    await refuses(rig, ['plan'], said);
    await refuses(rig, ['sync'], said);
  });

  it('speaks of a user without a table in the middle of another complaint is not believed', async (t) => {
    const rig = await makeRig(t);
    rig.misbehave('[ "$1" = -l ] && { echo "cannot lock: no crontab for tester can be read" >&2; exit 1; }');
    await refuses(rig, ['sync'], /cannot read the crontab/);
  });

  it('is not there stops plan and sync', async (t) => {
    const rig = await makeRig(t);
    rig.misbehave('exit 127');
    await refuses(rig, ['sync'], /ended with status 127/);
  });

  it('lists half of the block stops plan and sync', async (t) => {
    const rig = await makeRig(t);
    rig.misbehave(`[ "$1" = -l ] && { head -c ${rig.table().indexOf('# END')} "$store"; exit; }`);
    await refuses(rig, ['plan'], /^error: .*# BEGIN cronwright/);
    await refuses(rig, ['sync'], /^error: .*# BEGIN cronwright/);
  });

  it('lists half of a line stops sync, wherever that is', async (t) => {
    const rig = await makeRig(t);
    for (const bytes of [byHand.length - 9, rig.table().length - 1]) {
      rig.misbehave(`[ "$1" = -l ] && { head -c ${bytes} "$store"; exit; }`);
      await refuses(
        rig,
        ['sync', '--yes'],
        /stops within a line, so there may be more; nothing was written|END cronwright/,
      );
    }
  });

  it('lists something else each time stops sync before it writes', async (t) => {
    const rig = await makeRig(t);
    rig.misbehave('[ "$1" = -l ] && { echo "0 1 * * * x $$"; exit; }');
    await refuses(rig, ['sync', '--yes', '--json'], /has changed since it was read.*nothing was written/);
  });

  it('lists something else the first time is asked again, and what it lists then is what counts', async (t) => {
    const rig = await makeRig(t);
    rig.misbehave('[ "$1" != -l ] || [ -e "$place/listed" ] || { touch "$place/listed"; echo "0 1 * * * x"; exit; }');
    const { status, err } = await rig.cronwright('sync', '--yes');
    assert.equal(status, 0, err);
    assert.ok(rig.table().startsWith(`${byHand}# BEGIN cronwright shop\n`), rig.table());
    assert.match(rig.table(), /shop\/clean\n/);
  });

  it('refuses the new table leaves the old one and the old jobs', async (t) => {
    const rig = await makeRig(t);
    rig.misbehave('[ "$1" = - ] && { cat >/dev/null; echo "\\"-\\":7: bad minute" >&2; exit 1; }');
    await refuses(rig, ['sync'], /cannot write the crontab: .*bad minute.*the table is as it was/s);
    rig.misbehave('');
    assert.equal((await rig.cronwright('sync')).status, 0, 'it is installed once crontab works');
    assert.match(rig.table(), /shop\/clean/);
  });

  it('accepts the new table and does not store it is found out', async (t) => {
    const rig = await makeRig(t);
    rig.misbehave('[ "$1" = - ] && { cat >/dev/null; exit; }');
    await refuses(rig, ['sync'], /accepted the table and did not store it as it was given, first in line/);
  });

  it('says as JSON what it says to people', async (t) => {
    const rig = await makeRig(t);
    rig.misbehave('[ "$1" = -l ] && { echo "crontab: Input/output error" >&2; exit 1; }');
    const { status, out, err } = await rig.cronwright('sync', '--json');
    assert.deepEqual({ status, out }, { status: 2, out: '' });
    const { error } = JSON.parse(err) as { error: { message: string; exit: number } };
    assert.match(error.message, /Input\/output error/);
    assert.equal(error.exit, 2);
  });

  it('hangs is ended with all that it started', async (t) => {
    const rig = await makeRig(t);
    rig.misbehave('[ "$1" = -l ] && { sleep 1000000 & echo $! >>"$place/sleeper"; wait; }');
    const table = rig.table();
    const { status, err } = await rig.cronwright('plan');
    assert.equal(status, 2);
    assert.match(err, /cannot read the crontab: crontab -l did not end within 20 s and was killed/);
    const sleeper = Number(readFileSync(join(rig.place.path, 'sleeper'), 'latin1'));
    await until('the sleeper is gone', () => !isAlive(sleeper));
    assert.equal(rig.table(), table);
  });
});
