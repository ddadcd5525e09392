import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { JobId } from '../../src/job/job.ts';
import { lastRecord, spooled } from '../../src/store/lying.ts';
import { isNews, markLaunched, runFile, type SpoolFile, slotFile, writeRecord } from '../../src/store/spool.ts';
import { companion, minute, morning, race } from './rig.ts';
import {
  amongMounts,
  backup,
  newState,
  openRecordOf,
  other,
  otherPlaces,
  outputOfSize,
  raceAmongMounts,
  readOnly,
  recordOf,
  skipUnlessMounts,
  skipUnlessRoot,
} from './spool-rig.ts';

const permit = `shop.backup.${morning}`;

function granted(state: string, slot = morning): SpoolFile {
  const claim = slotFile(state, backup, slot);
  assert.ok(claim.kind === 'granted', JSON.stringify(claim));
  return claim.file;
}

/** The names in the first of the places besides the state directory's own. */
function namesBeside(state: string): readonly string[] {
  return readdirSync(otherPlaces(state)[0] ?? '');
}

function records(state: string) {
  return spooled(state, 0).map(lastRecord);
}

suite('the permit of a slot in the spool', () => {
  test('is granted once, and is an empty file of its owner alone', (t) => {
    const state = newState(t);
    assert.deepEqual(granted(state), { state, name: permit });
    assert.deepEqual(slotFile(state, backup, morning), { kind: 'taken' });
    assert.deepEqual(slotFile(state, backup, morning + minute).kind, 'granted');
    assert.deepEqual(slotFile(state, 'shop/backup-all' as JobId, morning).kind, 'granted');
    const { size, mode } = statSync(join(state, 'spool', permit));
    assert.deepEqual([size, mode & 0o777], [0, 0o600]);
    assert.equal(statSync(join(state, 'spool')).mode & 0o777, 0o700);
  });

  test('is granted once for each of a hundred slots to two processes that ask at once', async (t) => {
    const state = newState(t);
    const claimed = await race(t, 2, 'claims-slots', [state]);
    const slots = claimed
      .flat()
      .map(Number)
      .sort((a, b) => a - b);
    assert.deepEqual(
      slots,
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
  });

  test('is never granted twice where two processes use different places', { skip: skipUnlessMounts }, async (t) => {
    const state = newState(t);
    const said = await raceAmongMounts(t, ['', readOnly(join(state, '..'))], 'claims-slots', [state]);
    const slots = said.flat();
    assert.equal(new Set(slots).size, slots.length);
    // Where both were at one slot at once, both may have given way.
    assert.ok(slots.length > 0);
  });

  test('is seen by one start and left by another, whether the database gave it or not', (t) => {
    const state = newState(t);
    assert.equal(markLaunched(state, backup, morning), true);
    assert.deepEqual(slotFile(state, backup, morning), { kind: 'taken' });
    granted(state, morning + minute);
    assert.equal(markLaunched(state, backup, morning + minute), false);
  });

  test('is refused while it lies in any of the places, or its record does', (t) => {
    for (const name of [permit, `${permit}.record`]) {
      for (const place of otherPlaces(newState(t)).keys()) {
        const state = newState(t);
        const path = otherPlaces(state)[place] ?? '';
        mkdirSync(path, { recursive: true, mode: 0o700 });
        writeFileSync(join(path, name), '');
        assert.deepEqual(slotFile(state, backup, morning), { kind: 'taken' }, path);
        assert.equal(markLaunched(state, backup, morning), false);
      }
    }
  });

  test('is granted beside a state directory that is gone, and still taken once that is back', (t) => {
    const state = newState(t);
    rmSync(state, { recursive: true });
    granted(state);
    assert.deepEqual(namesBeside(state), [permit]);
    assert.equal(existsSync(state), false);
    mkdirSync(state, { mode: 0o700 });
    assert.deepEqual(slotFile(state, backup, morning), { kind: 'taken' });
  });

  test('is not looked for where somebody else could have put it', { skip: skipUnlessRoot }, (t) => {
    const state = newState(t);
    const spool = join(state, 'spool');
    mkdirSync(spool, { mode: 0o700 });
    writeFileSync(join(spool, permit), '');
    chownSync(spool, other, other);
    granted(state);
    assert.deepEqual(namesBeside(state), [permit]);
  });

  test('is not written through a link, nor where others may enter', (t) => {
    for (const spoil of [
      (spool: string, elsewhere: string) => symlinkSync(elsewhere, spool),
      (spool: string, elsewhere: string) => renameSync(elsewhere, spool),
    ]) {
      const state = newState(t);
      const elsewhere = join(state, 'elsewhere');
      mkdirSync(elsewhere);
      chmodSync(elsewhere, 0o755);
      spoil(join(state, 'spool'), elsewhere);
      granted(state);
      assert.deepEqual(readdirSync(join(state, 'spool')), []);
      assert.deepEqual(namesBeside(state), [permit]);
    }
  });

  test('is nowhere to be had when no directory takes a file, and each says why', { skip: skipUnlessMounts }, (t) => {
    const state = newState(t);
    const script = [join(state, '..'), '/var/tmp', '/dev/shm'].map(readOnly).join('\n');
    const [claim] = amongMounts(script, 'spools-a-run', [state, `${morning}`]) as [{ kind: string; problem: string }];
    assert.equal(claim.kind, 'nowhere');
    assert.equal(claim.problem.split('EROFS').length - 1, 4, claim.problem);
  });
});

suite('a record in the spool', () => {
  test('is read as it was written last', (t) => {
    const state = newState(t);
    const file = granted(state);
    const path = join(state, 'spool', `${permit}.record`);
    assert.deepEqual(writeRecord(file, openRecordOf()), { kind: 'whole', path });
    const record = recordOf({}, { output: outputOfSize(5) });
    assert.deepEqual(writeRecord(file, record), { kind: 'whole', path });
    assert.deepEqual(records(state), [record]);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(join(state, 'spool')), [permit, `${permit}.record`]);
  });

  test('of a run without a slot bears the name of the run, and there may be many', (t) => {
    const state = newState(t);
    for (const run of ['a1', 'b2']) writeRecord(runFile(state, backup, run), openRecordOf({ run, slot: null }));
    assert.deepEqual(readdirSync(join(state, 'spool')).sort(), [
      'shop.backup.run-a1.record',
      'shop.backup.run-b2.record',
    ]);
    assert.deepEqual(
      spooled(state, 0).map(({ job, slot, run }) => ({ job, slot, run })),
      [
        { job: backup, slot: undefined, run: 'a1' },
        { job: backup, slot: undefined, run: 'b2' },
      ],
    );
  });

  test('goes to another place when its first one is lost while the task runs, and the last words count', (t) => {
    const state = newState(t);
    const file = granted(state);
    writeRecord(file, openRecordOf());
    renameSync(state, `${state}.moved`);
    const written = writeRecord(file, recordOf());
    assert.deepEqual(written, { kind: 'whole', path: join(otherPlaces(state)[0] ?? '', `${permit}.record`) });
    renameSync(`${state}.moved`, state);
    assert.equal(spooled(state, 0).length, 1);
    assert.equal(spooled(state, 0)[0]?.records.length, 2);
    assert.equal(records(state)[0]?.run.state, 'succeeded');
  });

  test('is whole whenever its writer is killed', async (t) => {
    for (let round = 0; round < 10; round++) {
      const state = newState(t);
      const { child, line } = companion(t, 'rewrites-record', state);
      let said = 0;
      while (said <= round) said = Number(await line());
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('close', resolve));
      const found = records(state)[0];
      assert.ok(found && found.run.attempts >= said, `after ${said}: ${found?.run.attempts}`);
      assert.deepEqual(found.output, outputOfSize(100_000));
    }
  });

  test('is kept in a shared place when the state directory and all beside it is read-only', {
    skip: skipUnlessMounts,
  }, (t) => {
    const state = newState(t);
    const script = readOnly(join(state, '..'));
    const path = join(otherPlaces(state)[1] ?? '', `${permit}.record`);
    const whole = { kind: 'whole', path };
    assert.deepEqual(amongMounts(script, 'spools-a-run', [state, `${morning}`]), ['granted', 'taken', whole, whole]);
    assert.deepEqual(slotFile(state, backup, morning), { kind: 'taken' });
    assert.equal(records(state)[0]?.output[0]?.bytes.length, outputOfSize(10_000)[0]?.bytes.length);
  });

  test('is kept in a shared place when the disk of the state directory is full', { skip: skipUnlessMounts }, (t) => {
    const state = newState(t);
    const disk = join(state, '..');
    const script = `mount -t tmpfs -o size=64k tmpfs "${disk}"; mkdir -m 700 "${state}"
      head -c 1M /dev/zero >"${disk}/filler" 2>/dev/null || true`;
    const path = join(otherPlaces(state)[1] ?? '', `${permit}.record`);
    const whole = { kind: 'whole', path };
    assert.deepEqual(amongMounts(script, 'spools-a-run', [state, `${morning}`]), ['granted', 'taken', whole, whole]);
    assert.equal(records(state)[0]?.run.state, 'succeeded');
  });

  test('is what there is room for when every disk is full; the permit needs none', { skip: skipUnlessMounts }, (t) => {
    const state = newState(t);
    const disks = [join(state, '..'), '/var/tmp', '/dev/shm'];
    const mounts = disks.map((disk) => `mount -t tmpfs -o size=64k,mode=1777 tmpfs "${disk}"`);
    const script = `${mounts.join('\n')}\nmkdir -m 700 "${state}"`;
    const [granted, taken, opening, found, ...later] = amongMounts(script, 'spools-on-full-disks', [state, ...disks]);
    assert.deepEqual([granted, taken], ['granted', 'taken']);
    assert.deepEqual(opening, { kind: 'bare', path: join(state, 'spool', `${permit}.held-spooled-1-1-another boot`) });
    assert.deepEqual(found, ['spooled', 'another boot', null]);
    const path = join(state, 'spool', `${permit}.record`);
    assert.deepEqual(later, [{ kind: 'whole', path }, { kind: 'bare', path }, 'nowhere', true, 'succeeded']);
  });

  test('of an end that has no room is nowhere, and each place says why', { skip: skipUnlessMounts }, (t) => {
    const state = newState(t);
    const disks = [join(state, '..'), '/var/tmp', '/dev/shm'];
    const mounts = disks.map(
      (disk) => `mount -t tmpfs -o size=64k,mode=1777 tmpfs "${disk}"
        head -c 1M /dev/zero >"${disk}/filler" 2>/dev/null || true`,
    );
    const script = `${mounts.join('\n')}\nmkdir -m 700 "${state}"`;
    const [, , , end] = amongMounts(script, 'spools-a-run', [state, `${morning}`]);
    const { kind, problem } = end as { kind: string; problem: string };
    assert.equal(kind, 'nowhere');
    assert.equal(problem.split('ENOSPC').length - 1, 4, problem);
  });
});

suite('news', () => {
  test('is what nobody was told within the time, each topic by itself', (t) => {
    const state = newState(t);
    const ask = (minutes: number, topic = 'trouble') =>
      isNews(state, topic, { now: morning + minutes * minute, every: 60 * minute });
    assert.equal(ask(59), true);
    assert.equal(ask(59), false);
    // Another hour of the clock, and not an hour later.
    assert.equal(ask(61), false);
    assert.equal(ask(61, 'other'), true);
    assert.equal(ask(119), true);
    assert.equal(ask(120), false);
    assert.equal(readdirSync(join(state, 'spool')).filter((name) => name.startsWith('trouble')).length, 1);
  });

  test('is so for one of many that ask at once', async (t) => {
    const said = await race(t, 8, 'asks-for-news', [newState(t)]);
    assert.deepEqual(said.flat(), ['news']);
  });

  test('is everything where nothing can be kept in mind', { skip: skipUnlessMounts }, (t) => {
    const state = newState(t);
    const script = [join(state, '..'), '/var/tmp', '/dev/shm'].map(readOnly).join('\n');
    for (let round = 0; round < 2; round++) {
      assert.deepEqual(amongMounts(script, 'asks-for-news', [state, 'at once']), [true]);
    }
  });
});
