import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Job } from '../../src/job/job.ts';
import { scheduleInForeground } from '../../src/launch/foreground.ts';
import { MovedClock } from '../moved-clock.ts';
import { until } from '../run/rig.ts';
import { installJobs, jobOf, minute, morning, newStore } from '../store/rig.ts';

/** A scheduler that is under way, started at `from`, and what its wrappers have noted. */
function site(t: TestContext, { jobs, from, program = 'notes-arguments' }: Site) {
  const store = newStore(t);
  installJobs(store, jobs);
  const clock = new MovedClock(from);
  const cancel = new AbortController();
  const said: string[] = [];
  const file = join(store.directory, 'noted');
  const path = fileURLToPath(new URL(`../fixtures/launch/${program}`, import.meta.url));
  const say = (text: string) => void said.push(text);
  const ended = scheduleInForeground({ store, clock, cancel: cancel.signal, say, program: [path, file] });
  // Whole lines only: a wrapper makes the file a moment before it writes.
  const lines = () => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []);
  const noted = () =>
    lines()
      .map((line) => line.trimEnd())
      .sort();
  return { store, clock, said, noted, ended, stop: () => cancel.abort('SIGTERM') };
}

interface Site {
  readonly jobs: readonly Job[];
  readonly from: number;
  readonly program?: string;
}

/** The minute of the hour that it is then in the zone of this machine. */
function minuteOf(at: number): readonly [string] {
  return [`${new Date(at).getMinutes()} * * * *`];
}

const atNine = jobOf('at-nine', { schedule: minuteOf(morning) });
const atHalfPast = jobOf('at-half-past', { schedule: minuteOf(morning + 30 * minute) });

suite('scheduling in the foreground', () => {
  test('starts at each full minute what is due, and the tick', async (t) => {
    const { clock, noted, stop, ended } = site(t, { jobs: [atNine, atHalfPast], from: morning - 20_000 });
    clock.move(20_000);
    // Not yet: a clock that is corrected by a moment must not meet the same minute twice.
    clock.move(5);
    await until('the wrappers have ended', () => noted().length === 2);
    assert.deepEqual(noted(), ['run --scheduled shop/at-nine', 'tick']);
    stop();
    await ended;
    assert.equal(noted().length, 2);
  });

  test('takes in jobs that are installed meanwhile', async (t) => {
    const { store, clock, noted, stop, ended } = site(t, { jobs: [], from: morning - 20_000 });
    installJobs(store, [atNine]);
    clock.move(20_005);
    await until('the wrappers have ended', () => noted().length === 2);
    stop();
    await ended;
  });

  test('starts after a pause what the last five minutes had, once, and nothing older', async (t) => {
    const older = jobOf('older', { schedule: minuteOf(morning + 10 * minute) });
    const often = jobOf('often', { schedule: ['* * * * *'] });
    const { clock, noted, stop, ended } = site(t, { jobs: [older, often], from: morning + 5 * minute });
    clock.move(12 * minute);
    await until('the wrappers have ended', () => noted().length === 2);
    assert.deepEqual(noted(), ['run --scheduled shop/often', 'tick']);
    stop();
    await ended;
  });

  test('starts the jobs of the machine’s start at once', async (t) => {
    const { noted, stop, ended } = site(t, { jobs: [jobOf('boot', { schedule: ['@reboot'] }), atNine], from: morning });
    await until('the wrapper has ended', () => noted().length === 1);
    assert.deepEqual(noted(), ['run --at-boot shop/boot']);
    stop();
    await ended;
  });

  test('hands the signal that ends it on to its wrappers, and waits for them', async (t) => {
    const { clock, noted, stop, ended, said } = site(t, {
      jobs: [atNine],
      from: morning - 20_000,
      program: 'ends-when-told',
    });
    clock.move(20_005);
    await until('the wrappers go on', () => noted().length === 2);
    stop();
    await ended;
    assert.deepEqual(
      noted().filter((line) => line.endsWith('TERM')),
      ['run --scheduled got TERM', 'tick  got TERM'],
    );
    assert.deepEqual(said, ['shop/at-nine started', 'shop/at-nine ended with status 0']);
  });
});
