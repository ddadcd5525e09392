import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compilePattern } from '../../src/job/pattern.ts';
import { PatternWatch } from '../../src/run/pattern-watch.ts';
import { type Stream, streams } from '../../src/run/stream.ts';

const longest = 64 * 1024;

/** Whether output matches that comes in these pieces. */
function found(source: string, ...pieces: readonly (readonly [Stream, string | Uint8Array])[]): boolean {
  const watch = new PatternWatch(compilePattern(source));
  for (const [stream, piece] of pieces) watch.push(stream, Buffer.from(piece));
  return watch.end();
}

test('A line that matches is found on either stream, wherever it stands', () => {
  for (const stream of streams) {
    assert.ok(found('ERROR', [stream, 'fine\nsome ERROR here\nfine\n']));
    assert.ok(found('ERROR', [stream, 'fine\nERR'], [stream, 'OR without an end']));
    assert.ok(!found('ERROR', [stream, 'fine\nerror\n']));
  }
});

test('Each stream is a text of its own', () => {
  assert.ok(!found('ERROR', ['stdout', 'ERR'], ['stderr', 'OR\n'], ['stdout', '\n']));
  assert.ok(found('ERROR', ['stdout', 'ERR'], ['stderr', 'fine\n'], ['stdout', 'OR\n']));
});

test('A line is matched by itself, without its end', () => {
  assert.ok(found('^failed: 3$', ['stdout', 'done: 9\nfailed: 3\n']));
  assert.ok(found('^failed: 3$', ['stdout', 'done: 9\r\nfailed: 3\r\n']));
  assert.ok(!found('9.*failed', ['stdout', 'done: 9\nfailed: 3\n']));
  assert.ok(!found('\\s', ['stdout', 'done\nfailed\n']));
  assert.ok(found('^$', ['stdout', 'a\n\nb\n']));
});

test('Where there is no output, nothing matches', () => {
  assert.ok(!found('^$'));
  assert.ok(!found('.*', ['stdout', '']));
});

test('A character that is cut between two reads is one character', () => {
  const bytes = Buffer.from('Stück: 1 Gerät fehlt\n');
  fc.assert(
    fc.property(fc.nat(bytes.length), (place) => {
      assert.ok(found('^Stück: \\d Gerät', ['stderr', bytes.subarray(0, place)], ['stderr', bytes.subarray(place)]));
    }),
  );
});

test('What is no UTF-8 hides nothing beside it', () => {
  assert.ok(found('ERROR', ['stdout', Buffer.from([0xff, 0xc3, ...Buffer.from('ERROR'), 0xe2, 0x82])]));
});

test('In a line without an end a match is found wherever it lies', () => {
  const places = [0, 32_767, 32_768, longest - 3, longest, longest + 1, 3 * longest - 2, 5 * longest];
  for (const place of places) {
    const line = Buffer.alloc(6 * longest, 'x');
    line.write('ERROR', place);
    const pieces = Array.from({ length: 60 }, (_, index) => line.subarray(index * 7_000, (index + 1) * 7_000));
    assert.ok(found('ERROR', ...pieces.map((piece) => ['stdout', piece] as const)), `at ${place}`);
  }
});

test('What follows the first match is looked at no more', () => {
  let looks = 0;
  const watch = new PatternWatch({
    matches(text) {
      looks++;
      return text === 'bad';
    },
  });
  watch.push('stdout', Buffer.from('good\nbad\nbad\n'));
  watch.push('stderr', Buffer.from('bad\nbad'));
  assert.ok(watch.end());
  assert.equal(looks, 2);
});

test('A quarter of a gigabyte in one line costs no memory of its size', () => {
  const watch = new PatternWatch(compilePattern('ERROR$'));
  const chunk = Buffer.alloc(longest, 'x');
  const before = process.memoryUsage().arrayBuffers;
  for (let count = 0; count < 4096; count++) watch.push('stdout', chunk);
  assert.ok(process.memoryUsage().arrayBuffers - before < 16 * 1024 * 1024);
  assert.ok(!watch.end());
});
