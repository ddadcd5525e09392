import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { makeStyle } from '../../src/terminal/style.ts';
import { progressLine, type Sink, Watch } from '../../src/terminal/watch.ts';
import { MovedClock } from '../moved-clock.ts';
import { Screen } from './screen.ts';

/** A place that remembers what was written to it. */
class Written implements Sink {
  readonly width = 60;
  readonly isTerminal: boolean;
  text = '';

  constructor(isTerminal: boolean) {
    this.isTerminal = isTerminal;
  }

  write(text: string | Uint8Array): void {
    this.text += Buffer.from(text).toString();
  }
}

function watching(t: TestContext, err: Sink) {
  const clock = new MovedClock('2026-11-24T09:00:00Z');
  const watch = new Watch({ job: 'shop/backup', startedAt: clock.now(), clock, err, style: makeStyle(false) });
  t.after(() => watch.end());
  return { clock, watch };
}

suite('the line of a run', () => {
  const state = { job: 'shop/backup', progress: 0.4, elapsed: 65_000, message: '1200 sessions have expired' };

  test('has the job, a bar, the share, the time and the latest message', () => {
    assert.equal(
      progressLine(state, 80),
      'shop/backup [========------------]  40%  1m 05s  1200 sessions have expired',
    );
  });

  test('has no bar before the task has said how far it is, and is full at the very end alone', () => {
    assert.equal(progressLine({ ...state, progress: null, message: '' }, 80), 'shop/backup  1m 05s');
    assert.match(progressLine({ ...state, progress: 0.9999 }, 80), /\[={19}-\] {2}99%/);
    assert.match(progressLine({ ...state, progress: 1 }, 80), /\[={20}\] 100%/);
  });

  test('never fills its line to the end', () => {
    assert.equal(progressLine({ ...state, message: 'x'.repeat(200) }, 60).length, 59);
  });
});

suite('a watched run on a terminal', () => {
  test('has its line below whatever was written', (t) => {
    const err = new Written(true);
    const { watch } = watching(t, err);
    watch.progress(0.5);
    watch.write(err, 'copying\n');
    watch.message(err, 'warning', 'the disk is nearly full');
    assert.deepEqual(new Screen(err.text).lines, [
      'copying',
      'warning: the disk is nearly full',
      'shop/backup [==========----------]  50%  0s  the disk is n…',
    ]);
  });

  test('does not show it while a line is not complete, and never writes over it', (t) => {
    const err = new Written(true);
    const { watch } = watching(t, err);
    watch.progress(0.5);
    watch.write(err, Buffer.from('half a'));
    watch.progress(0.6);
    assert.deepEqual(new Screen(err.text).lines, ['half a']);
    watch.write(err, ' line\n');
    assert.deepEqual(new Screen(err.text).lines, ['half a line', 'shop/backup [============--------]  60%  0s']);
  });

  test('has messages in lines of their own', (t) => {
    const [err, pipe] = [new Written(true), new Written(false)];
    const { watch } = watching(t, err);
    for (const sink of [err, pipe]) {
      watch.write(sink, 'half a line');
      watch.message(sink, 'info', 'so it is');
      watch.message(sink, 'info', 'and stays');
    }
    const lines = ['half a line', 'info: so it is', 'info: and stays'];
    assert.deepEqual(new Screen(err.text).lines.slice(0, 3), lines);
    assert.equal(pipe.text, lines.map((line) => `${line}\n`).join(''));
  });

  test('is left with what was written, each of it in lines of its own', (t) => {
    const err = new Written(true);
    const { watch } = watching(t, err);
    watch.progress(0.5);
    watch.write(err, 'half a line');
    watch.end();
    err.write('the end\n');
    assert.deepEqual(new Screen(err.text).lines, ['half a line', 'the end', '']);
  });

  test('shows the time go by', async (t) => {
    const err = new Written(true);
    const { clock, watch } = watching(t, err);
    watch.progress(0.5);
    clock.move(61_000);
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    assert.match(new Screen(err.text).lines[0] ?? '', / 1m 01s$/);
  });

  test('cannot be disturbed by what goes elsewhere', (t) => {
    const [err, out] = [new Written(true), new Written(false)];
    const { watch } = watching(t, err);
    watch.progress(0.5);
    const before = err.text;
    watch.write(out, 'half a line');
    assert.deepEqual([err.text, out.text], [before, 'half a line']);
  });
});

suite('a watched run in a pipe', () => {
  test('has no line, and messages all the same', (t) => {
    const err = new Written(false);
    const { watch } = watching(t, err);
    watch.progress(0.5);
    watch.message(err, 'info', 'one\ntwo\u001b[2J');
    watch.say('attempt 2 follows');
    watch.end();
    assert.equal(err.text, 'info: one\n  two\nattempt 2 follows\n');
  });
});
