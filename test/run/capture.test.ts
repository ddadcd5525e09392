import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Capture, type CaptureLimits, limitsOf, type Piece } from '../../src/run/capture.ts';
import { type Stream, streams } from '../../src/run/stream.ts';

interface Write {
  readonly stream: Stream;
  readonly bytes: Uint8Array;
  readonly later: number;
  readonly nextAttempt: boolean;
  readonly ask: boolean;
}

const limits: fc.Arbitrary<CaptureLimits> = fc.record({ head: fc.nat(40), tail: fc.nat(120) });
const writes: fc.Arbitrary<readonly Write[]> = fc.array(
  fc.record({
    stream: fc.constantFrom(...streams),
    bytes: fc.uint8Array({ maxLength: 200 }),
    later: fc.nat(300),
    nextAttempt: fc.boolean(),
    ask: fc.boolean(),
  }),
  { maxLength: 40 },
);

/** Pushes all writes, calling `asked` where a store would ask for changes. */
function pushAll(capture: Capture, all: readonly Write[], asked: () => void = () => undefined): void {
  let at = 0;
  let attempt = 1;
  for (const write of all) {
    at += write.later;
    attempt += write.nextAttempt ? 1 : 0;
    const lent = Uint8Array.from(write.bytes);
    capture.push(write.stream, attempt, lent, at);
    lent.fill(0);
    if (write.ask) asked();
  }
}

function joined(pieces: readonly Pick<Piece, 'bytes'>[]): Buffer {
  return Buffer.concat(pieces.map(({ bytes }) => bytes));
}

function of(stream: Stream, pieces: readonly Piece[]): readonly Piece[] {
  return pieces.filter((piece) => piece.stream === stream);
}

test('What is kept of a stream is its first bytes and its last, exactly as written', () => {
  fc.assert(
    fc.property(limits, writes, (limit, all) => {
      const capture = new Capture(limit);
      pushAll(capture, all);
      for (const stream of streams) {
        const written = joined(
          all.filter((write) => write.stream === stream).map(({ bytes }) => ({ bytes: Buffer.from(bytes) })),
        );
        const kept = joined(of(stream, capture.pieces()));
        const { bytes, omitted } = capture.totals()[stream];
        assert.equal(bytes, written.length);
        assert.equal(omitted, written.length - kept.length);
        const head = Math.min(limit.head, written.length);
        assert.deepEqual(kept.subarray(0, head), written.subarray(0, head));
        assert.deepEqual(kept.subarray(head), written.subarray(head + omitted));
      }
    }),
  );
});

test('No more is kept than the limits, and less than a piece less once some was left out', () => {
  fc.assert(
    fc.property(limits, writes, (limit, all) => {
      const capture = new Capture(limit);
      pushAll(capture, all);
      const largest = Math.max(1, Math.floor(limit.tail / 16));
      for (const stream of streams) {
        const { bytes, omitted } = capture.totals()[stream];
        const kept = bytes - omitted;
        assert.ok(kept <= limit.head + limit.tail);
        assert.ok(omitted === 0 || kept > limit.head + limit.tail - largest);
        assert.ok(bytes > limit.head + limit.tail || omitted === 0);
        for (const piece of capture.pieces()) assert.ok(piece.bytes.length >= 1 && piece.bytes.length <= largest);
      }
    }),
  );
});

test('A store that adds and drops what it is told holds exactly what is kept', () => {
  fc.assert(
    fc.property(limits, writes, (limit, all) => {
      const capture = new Capture(limit);
      const store = new Map<number, Piece>();
      const mirror = () => {
        const { add, drop } = capture.changes();
        for (const piece of add) {
          assert.ok(!store.has(piece.seq));
          store.set(piece.seq, piece);
        }
        for (const seq of drop) assert.ok(store.delete(seq));
        assert.deepEqual([...store.values()], capture.pieces());
      };
      pushAll(capture, all, mirror);
      mirror();
      assert.deepEqual(capture.changes(), { add: [], drop: [] });
    }),
  );
});

test('Pieces are in the order in which they were written, with their attempts and times', () => {
  fc.assert(
    fc.property(writes, (all) => {
      const capture = new Capture();
      pushAll(capture, all);
      const pieces = capture.pieces();
      for (const [index, piece] of pieces.entries()) {
        const before = pieces[index - 1];
        if (before === undefined) continue;
        assert.ok(piece.seq > before.seq);
        assert.ok(piece.at >= before.at);
        assert.ok(piece.attempt >= before.attempt);
      }
      assert.deepEqual(joined(pieces), joined(all.map(({ bytes }) => ({ bytes: Buffer.from(bytes) }))));
    }),
  );
});

const a = Buffer.from('a');

function pushed(...times: readonly (readonly [Stream, number, number])[]): readonly string[] {
  const capture = new Capture();
  for (const [stream, attempt, at] of times) capture.push(stream, attempt, a, at);
  return capture.pieces().map((piece) => `${piece.stream} ${piece.attempt} ${piece.at} ${piece.bytes}`);
}

test('Output of one stream within a short time is one piece', () => {
  assert.deepEqual(pushed(['stdout', 1, 0], ['stdout', 1, 100], ['stdout', 1, 199]), ['stdout 1 0 aaa']);
});

test('A pause, another stream, another attempt and a clock set back each begin a piece', () => {
  assert.deepEqual(pushed(['stdout', 1, 0], ['stdout', 1, 200]), ['stdout 1 0 a', 'stdout 1 200 a']);
  assert.deepEqual(pushed(['stdout', 1, 0], ['stderr', 1, 1], ['stdout', 1, 2]), [
    'stdout 1 0 a',
    'stderr 1 1 a',
    'stdout 1 2 a',
  ]);
  assert.deepEqual(pushed(['stdout', 1, 0], ['stdout', 2, 1]), ['stdout 1 0 a', 'stdout 2 1 a']);
  assert.deepEqual(pushed(['stdout', 1, 9], ['stdout', 1, 8]), ['stdout 1 9 a', 'stdout 1 8 a']);
});

test('A piece that was handed out grows no more', () => {
  const capture = new Capture();
  capture.push('stdout', 1, a, 0);
  const [first] = capture.changes().add;
  capture.push('stdout', 1, a, 0);
  assert.equal(String(first?.bytes), 'a');
  assert.equal(joined(capture.changes().add).toString(), 'a');
});

test('Pieces that came and went between two questions are never mentioned', () => {
  const capture = new Capture({ head: 0, tail: 16 });
  for (let at = 0; at < 1000; at++) capture.push('stdout', 1, Buffer.from([at]), at);
  const { add, drop } = capture.changes();
  assert.equal(add.length, 16);
  assert.deepEqual(drop, []);
});

test('Both streams are bounded apart: a flood of one leaves the other as it is', () => {
  const capture = new Capture({ head: 4, tail: 16 });
  capture.push('stderr', 1, Buffer.from('the reason'), 0);
  capture.push('stdout', 1, Buffer.alloc(100_000), 1);
  assert.equal(joined(of('stderr', capture.pieces())).toString(), 'the reason');
});

test('A piece has memory of its own size, so that a few bytes keep no large buffer alive', () => {
  const capture = new Capture();
  capture.push('stdout', 1, Buffer.alloc(10, 'x'), 0);
  for (const { bytes } of capture.pieces()) assert.equal(bytes.buffer.byteLength, bytes.length);
});

test('Half of what a job keeps is the head and half the tail', () => {
  assert.deepEqual(limitsOf(256 * 1024), { head: 128 * 1024, tail: 128 * 1024 });
  assert.deepEqual(limitsOf(1025), { head: 512, tail: 513 });
  const capture = new Capture(limitsOf(1024));
  const output = Buffer.from(Array.from({ length: 3000 }, (_, index) => index % 251));
  capture.push('stdout', 1, output, 0);
  assert.deepEqual(joined(capture.pieces()), Buffer.concat([output.subarray(0, 512), output.subarray(-512)]));
});

test('Output in very many pieces of a byte is kept in a bounded number of pieces, its head without a gap', () => {
  const capture = new Capture(limitsOf(4 * 1024 * 1024));
  for (let at = 0; at < 250_000; at++) {
    capture.push('stdout', 1, Buffer.from([at & 0xff]), at);
    capture.push('stderr', 1, a, at);
  }
  const pieces = of('stdout', capture.pieces());
  const { bytes, omitted } = capture.totals().stdout;
  assert.ok(pieces.length <= 2 * 65_537, `${pieces.length} pieces`);
  assert.equal(bytes, 250_000);
  assert.equal(pieces.length, bytes - omitted);
  // No deepEqual: what it would say of so many that differ takes all the memory there is.
  assert.equal(
    pieces.findIndex(({ at }, index) => at !== index),
    65_536,
  );
  assert.equal(pieces.at(-1)?.at, 249_999);
});
