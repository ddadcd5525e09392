import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type Room, roomFor, roomOnDisk } from '../../../src/upkeep/health/disk.ts';
import { newPath, newStore } from '../../store/rig.ts';
import { verdict } from './rig.ts';

const mebibyte = 1024 ** 2;

/** A disk in blocks of a mebibyte, with as many inodes as anybody could wish for. */
function disk(all: number, left: number, inodes: Partial<Room> = {}): Room {
  return { bsize: mebibyte, blocks: all, bavail: left, files: 1_000_000, ffree: 900_000, ...inodes };
}

const stateOf = (room: Room) => roomFor('/s', room).state;

suite('the room on the disk', () => {
  test('is enough, short or nearly gone by mebibytes and by its share of the disk', () => {
    assert.equal(stateOf(disk(1_000, 100)), 'ok');
    assert.equal(stateOf(disk(1_000, 99)), 'warning');
    assert.equal(stateOf(disk(3_000, 149)), 'warning', 'less than 5 %');
    assert.equal(stateOf(disk(3_000, 150)), 'ok');
    assert.equal(stateOf(disk(500, 10)), 'warning');
    assert.equal(stateOf(disk(500, 9)), 'problem');
    assert.equal(stateOf(disk(50_000, 499)), 'problem', 'less than 1 %');
  });

  test('is enough on a large disk although its share is small', () => {
    assert.deepEqual(verdict(roomFor('/s', disk(16_000_000, 80_000))), ['ok', 'the disk of /s has 78 GiB left']);
  });

  test('may be for bytes and not for files', () => {
    const { state, message } = roomFor('/s', disk(1_000, 500, { ffree: 7 }));
    assert.equal(state, 'problem');
    assert.equal(message, 'the disk of /s is nearly full: 7 inodes left');
    assert.equal(stateOf(disk(1_000, 500, { ffree: 20_000 })), 'warning');
    assert.equal(stateOf(disk(1_000, 500, { files: 0, ffree: 0 })), 'ok', 'a file system without a fixed number');
  });

  test('is told with both where both are short', () => {
    const { message } = roomFor('/s', disk(1_000, 5, { ffree: 2 }));
    assert.equal(message, 'the disk of /s is nearly full: 5 MiB and 2 inodes left');
  });

  test('is asked of the disk itself', (t) => {
    assert.match(roomOnDisk(newStore(t).directory)?.message ?? '', /^the disk of .* (?:MiB|GiB) left/);
    assert.equal(roomOnDisk(newPath(t)), undefined);
  });
});
