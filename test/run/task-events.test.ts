import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { messageLevels, type TaskEvent, TaskEvents } from '../../src/run/task-events.ts';

/** What is reported of these pieces, and at the end of the run. */
function read(...pieces: readonly (string | Uint8Array)[]): readonly TaskEvent[] {
  const events = new TaskEvents();
  const seen = pieces.flatMap((piece) => events.push(Buffer.from(piece)));
  return [...seen, ...events.endAttempt(), ...events.end()];
}

function info(message: string): TaskEvent {
  return { kind: 'message', level: 'info', message };
}

function notUnderstood(lines: number): TaskEvent {
  const words = lines === 1 ? '1 line on CRONWRIGHT_EVENTS was' : `${lines} lines on CRONWRIGHT_EVENTS were`;
  return { kind: 'message', level: 'warning', message: `${words} not understood and left out` };
}

test('A message, a progress and a result are each a line', () => {
  assert.deepEqual(read('{"level":"error","message":"no disk"}\n'), [
    { kind: 'message', level: 'error', message: 'no disk' },
  ]);
  assert.deepEqual(read('{"progress":0.4}\n'), [{ kind: 'progress', value: 0.4 }]);
  assert.deepEqual(read('{"result":{"rows":3,"names":["a"]}}\n'), [
    { kind: 'result', value: '{"rows":3,"names":["a"]}' },
  ]);
});

test('A message without a level is info, and what else stands in its line is passed over', () => {
  assert.deepEqual(read('{"message":"ready","time":12,"host":{"name":"a"}}\n'), [info('ready')]);
});

test('A line may say several things at once', () => {
  assert.deepEqual(read('{"message":"half","progress":0.5,"result":null}\n'), [
    info('half'),
    { kind: 'progress', value: 0.5 },
    { kind: 'result', value: 'null' },
  ]);
});

test('Blank lines, blanks around a line and carriage returns are nothing', () => {
  assert.deepEqual(read('\n  \r\n {"message":"a"} \r\n\t\n'), [info('a')]);
});

test('The last line needs no newline, and the next attempt begins a line of its own', () => {
  const events = new TaskEvents();
  assert.deepEqual(events.push(Buffer.from('{"message":"a"}')), []);
  assert.deepEqual(events.endAttempt(), [info('a')]);
  assert.deepEqual(events.endAttempt(), []);
  assert.deepEqual(events.push(Buffer.from('{"message":"b"}\n')), [info('b')]);
});

const rubbish = [
  'hello',
  '{',
  '[]',
  'null',
  '3',
  '"message"',
  '{}',
  '{"level":"info"}',
  '{"msg":"a"}',
  '{"message":3}',
  '{"message":null}',
  '{"message":"a","level":"fatal"}',
  '{"message":"a","level":30}',
  '{"progress":"0.4"}',
  '{"progress":null}',
  '{"progress":40}',
  '{"progress":-0.1}',
  '{"progress":1e999}',
  '{"message":"a","progress":2}',
  '{"__proto__":{"message":"a"}}',
  `{"result":${'['.repeat(20_000)}${']'.repeat(20_000)}}`.slice(0, -1),
  `{"result":${'['.repeat(65)}${']'.repeat(65)}}`,
  `{"result":[${'1e20,'.repeat(12_000)}1]}`,
  `{"message":"${'x'.repeat(64 * 1024)}"}`,
];

test('A line that is no report is left out and counted, and harms no other', () => {
  for (const line of rubbish) {
    const seen = read(`{"message":"before"}\n${line}\n{"message":"after"}\n`);
    assert.deepEqual(seen, [info('before'), info('after'), notUnderstood(1)], line.slice(0, 60));
  }
});

test('Lines that were not understood are told once, as a number', () => {
  assert.deepEqual(read(...rubbish.map((line) => `${line}\n`)), [notUnderstood(rubbish.length)]);
});

test('A line without an end counts once, whatever its length, and is not held', () => {
  const events = new TaskEvents();
  const chunk = Buffer.alloc(64 * 1024, 'x');
  const before = process.memoryUsage().arrayBuffers;
  for (let count = 0; count < 1024; count++) assert.deepEqual(events.push(chunk), []);
  assert.ok(process.memoryUsage().arrayBuffers - before < 8 * 1024 * 1024);
  assert.deepEqual(events.push(Buffer.from('\n{"message":"a"}\n')), [info('a')]);
  assert.deepEqual(events.end(), [notUnderstood(1)]);
});

test('A result of 64 KiB is taken, in a line that just fits', () => {
  const line = `{"result":"${'x'.repeat(64 * 1024 - '{"result":""}'.length)}"}`;
  assert.equal(Buffer.byteLength(line), 64 * 1024);
  const [event] = read(`${line}\n`);
  assert.equal(event?.kind, 'result');
});

test('Of many messages the first 200 of a run are taken, and the others counted', () => {
  const events = new TaskEvents();
  const attempt = '{"message":"a"}\n'.repeat(150);
  const taken = [attempt, attempt].flatMap((text) => [...events.push(Buffer.from(text)), ...events.endAttempt()]);
  assert.equal(taken.length, 200);
  const message = '100 lines with messages after the first 200 were left out';
  assert.deepEqual(events.end(), [{ kind: 'message', level: 'warning', message }]);
});

test('Both kinds of lines that were left out are told in one sentence', () => {
  const [event] = read('?\n', '{"message":"a"}\n'.repeat(202)).slice(-1);
  const message =
    '1 line on CRONWRIGHT_EVENTS was not understood and left out; 2 lines with messages after the first 200 were left out';
  assert.deepEqual(event, { kind: 'message', level: 'warning', message });
});

test('A long message is clipped to 4 KiB of whole characters', () => {
  for (const text of ['x'.repeat(5_000), 'ü'.repeat(2_049), '🦊'.repeat(1_025)]) {
    const [event] = read(`${JSON.stringify({ message: text })}\n`);
    assert.ok(event?.kind === 'message' && event.message.endsWith('…'));
    assert.ok(Buffer.byteLength(event.message) <= 4096 && Buffer.byteLength(event.message) > 4096 - 4);
    assert.ok(text.startsWith(event.message.slice(0, -1)));
  }
  const fits = 'ü'.repeat(2_048);
  assert.deepEqual(read(`${JSON.stringify({ message: fits })}\n`), [info(fits)]);
});

test('Half a character in a message is no character, so that it can be stored', () => {
  assert.deepEqual(read('{"message":"a\\ud800b"}\n'), [info('a\ufffdb')]);
});

test('Of several progresses and results that come at once the last is reported', () => {
  assert.deepEqual(read('{"progress":0.1}\n{"result":1}\n{"progress":0.2}\n{"message":"a"}\n{"result":2}\n'), [
    info('a'),
    { kind: 'progress', value: 0.2 },
    { kind: 'result', value: '2' },
  ]);
});

const reports = fc.oneof(
  fc.record({ level: fc.constantFrom(...messageLevels), message: fc.string({ unit: 'binary', maxLength: 50 }) }),
  fc.record({ progress: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ result: fc.jsonValue() }),
);
const places = fc.array(fc.nat(1_000), { maxLength: 12 });

/** Bytes cut at these places. */
function cut(bytes: Uint8Array, at: readonly number[]): readonly Uint8Array[] {
  const sorted = [0, ...at.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
}

/** What a reader knows in the end: all messages, and the latest of the rest. */
function known(events: readonly TaskEvent[]): unknown {
  const latest = (kind: TaskEvent['kind']) => events.findLast((event) => event.kind === kind);
  return [events.filter(({ kind }) => kind === 'message'), latest('progress'), latest('result')];
}

test('However lines are cut into pieces, the same is known in the end, and all of it', () => {
  fc.assert(
    fc.property(fc.array(reports, { maxLength: 20 }), places, (all, at) => {
      const bytes = Buffer.from(all.map((report) => `${JSON.stringify(report)}\n`).join(''));
      assert.deepEqual(known(read(...cut(bytes, at))), known(read(bytes)));
      const messages = all.flatMap((report) => ('message' in report ? [{ kind: 'message', ...report }] : []));
      const seen = read(...cut(bytes, at)).filter(({ kind }) => kind === 'message');
      assert.deepEqual(seen, messages);
    }),
  );
});

test('Rubbish of any kind throws nothing, and every event keeps its bounds', () => {
  const pieces = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.json().map(Buffer.from),
    fc.constantFrom('\n', '{"message":', '"a"}', '{"progress":', '1}', '\u0000', '{"result":').map(Buffer.from),
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), (all) => {
      for (const event of read(...all)) {
        if (event.kind === 'message') assert.ok(Buffer.byteLength(event.message) <= 4096);
        if (event.kind === 'progress') assert.ok(event.value >= 0 && event.value <= 1);
        if (event.kind === 'result') assert.doesNotThrow(() => JSON.parse(event.value));
      }
    }),
  );
});
