import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { durationWords, parseDuration } from '../../src/job/duration.ts';
import { jobId } from '../../src/job/job.ts';
import { nearest } from '../../src/job/nearest.ts';
import { parseSize, sizeWords } from '../../src/job/size.ts';

test('durations are whole numbers with units', () => {
  const table = { '0': 0, '250ms': 250, '30s': 30_000, '1h30m': 5_400_000, '2d': 172_800_000, '1w': 604_800_000 };
  for (const [text, milliseconds] of Object.entries(table)) assert.equal(parseDuration(text), milliseconds, text);
  for (const text of ['', '5', 'm', '1.5h', '-1s', '1 h', '1y']) assert.equal(parseDuration(text), undefined, text);
});

test('durations in words name their two largest units', () => {
  assert.equal(durationWords(5_400_000), '1 hour 30 minutes');
  assert.equal(durationWords(86_400_000), '1 day');
  assert.equal(durationWords(20), '20 ms');
});

test('sizes are whole numbers with units, all of them powers of 1024', () => {
  const table = {
    '1KiB': 1024,
    '64k': 65_536,
    '64K': 65_536,
    '10MiB': 10_485_760,
    '2M': 2_097_152,
    '1GiB': 2 ** 30,
    '1G': 2 ** 30,
  };
  for (const [text, bytes] of Object.entries(table)) assert.equal(parseSize(text), bytes, text);
  for (const text of ['', '5', '5B', 'KiB', '1.5MiB', '-1k', '1 k', '10MB', '10m', '1kiB', '1TiB', '12345678k']) {
    assert.equal(parseSize(text), undefined, text);
  }
});

test('sizes in words have their largest unit', () => {
  assert.equal(sizeWords(262_144), '256 KiB');
  assert.equal(sizeWords(1_600_000), '1.5 MiB');
  assert.equal(sizeWords(3 * 2 ** 30), '3 GiB');
  assert.equal(sizeWords(1023), '1023 bytes');
  assert.equal(sizeWords(0), '0 bytes');
});

test('the nearest word forgives a slip, a swap and an underscore, and nothing more', () => {
  const known = ['command', 'schedule', 'env-file', 'timeout', 'retry'];
  assert.equal(nearest('comand', known), 'command');
  assert.equal(nearest('shcedule', known), 'schedule');
  assert.equal(nearest('env_file', known), 'env-file');
  assert.equal(nearest('zzz', known), undefined);
});

test('a word is always its own nearest', () => {
  const word = fc.stringMatching(/^[a-z0-9-]{1,20}$/);
  fc.assert(fc.property(word, fc.array(word), (one, others) => nearest(one, [...others, one]) === one));
});

test('a full name has a project and a job, and a bare one belongs to main', () => {
  assert.equal(jobId('shop/backup'), 'shop/backup');
  assert.equal(jobId('backup'), 'main/backup');
  for (const text of ['', 'a/b/c', 'Shop/x', 'a/', '-a', 'a/b;rm', 'a b']) assert.equal(jobId(text), undefined, text);
});
