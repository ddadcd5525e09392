import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import {
  groupAnswers,
  idLimit,
  isProcess,
  latestId,
  memoryOf,
  parseEntry,
  processEntry,
  processIds,
  startEnvironment,
} from '../../src/run/process-table.ts';
import { onLinux, start } from './started.ts';

/** proc_pid_stat(5), with the number of each field as its value. */
function line(name: string, state: string, numbers = Array.from({ length: 49 }, (_, index) => index + 4)): string {
  return `7 (${name}) ${state} ${numbers.join(' ')}\n`;
}

test('The fields of a process are found by their numbers', () => {
  assert.deepEqual(parseEntry(line('cron', 'S')), {
    pid: 7,
    name: 'cron',
    zombie: false,
    parent: 4,
    group: 5,
    session: 6,
    born: 22,
    cpu: (14 + 15) * 10,
    childCpu: (16 + 17) * 10,
  });
});

test('A name with blanks, parentheses and a newline does not shift the fields', () => {
  const { name, parent, born } = parseEntry(line('a) Z (b\n) 1', 'S'));
  assert.deepEqual({ name, parent, born }, { name: 'a) Z (b\n) 1', parent: 4, born: 22 });
});

test('What has ended and was not waited for is a zombie', () => {
  assert.equal(parseEntry(line('cron', 'Z')).zombie, true);
  assert.equal(parseEntry(line('cron', 'X')).zombie, true);
});

test('A process stands in the table with its own group, session and environment', onLinux, async (context) => {
  const pid = await start(context, 'sleeps-forever', { PATH: '/usr/bin:/bin', CRONWRIGHT_WORD: 'two words' });
  const entry = processEntry(pid);
  assert.deepEqual([entry?.parent, entry?.group, entry?.session], [process.pid, pid, pid]);
  assert.ok(processIds()?.includes(pid));
  // What others put into their environment is theirs: only our own names are looked at.
  assert.deepEqual(startEnvironment(pid), ['CRONWRIGHT_WORD=two words']);
  assert.ok((memoryOf(pid)?.resident ?? 0) > 0);
  assert.ok((memoryOf(pid)?.peak ?? 0) >= (memoryOf(pid)?.resident ?? 0));
  assert.ok(groupAnswers(pid));
});

test('Of a number that nobody has, nothing is said', () => {
  const nobody = 2 ** 30;
  assert.equal(processEntry(nobody), undefined);
  assert.equal(memoryOf(nobody), undefined);
  assert.deepEqual(startEnvironment(nobody), []);
  assert.ok(!isProcess(nobody));
  assert.ok(!groupAnswers(nobody));
});

test('A thread has a number but is no process', onLinux, async (context) => {
  const worker = new Worker('setInterval(() => undefined, 1000)', { eval: true });
  context.after(() => worker.terminate());
  await once(worker, 'online');
  const thread =
    readdirSync('/proc/self/task')
      .map(Number)
      .find((id) => id !== process.pid) ?? 0;
  assert.ok(processEntry(thread));
  assert.ok(!isProcess(thread));
  assert.ok(isProcess(process.pid));
});

test('The latest number is below the limit and not below that of a new process', onLinux, async (context) => {
  const before = latestId() ?? 0;
  const pid = await start(context, 'sleeps-forever', {});
  const [latest, limit] = [latestId() ?? 0, idLimit() ?? 0];
  assert.ok(latest < limit);
  // The numbers may come round meanwhile.
  assert.ok(latest >= pid || pid > before);
});
