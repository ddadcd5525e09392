import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProcessEntry } from '../../src/run/process-table.ts';
import { TreeCpu } from '../../src/run/tree-cpu.ts';

const leader = 10;
const init = 1;
const wrapper = 5;

/** A process that has used so many milliseconds itself, and its children so many that it has waited for. */
function member(pid: number, parent: number, cpu: number, childCpu = 0): ProcessEntry {
  return { pid, parent, cpu, childCpu, name: 'a', zombie: false, group: leader, session: leader, born: pid };
}

test('Without a sample the time is what came with the leader', () => {
  assert.equal(new TreeCpu(leader).total(70), 70);
});

test('What a process used that its parent has waited for comes with the leader and is not counted twice', () => {
  const cpu = new TreeCpu(leader);
  cpu.note([member(leader, wrapper, 10), member(11, leader, 500)]);
  cpu.note([member(leader, wrapper, 20, 600)]);
  cpu.note([]);
  assert.equal(cpu.total(650), 650);
});

test('What an adopted process used is added to what came with the leader, while it lives and when it is gone', () => {
  const living = new TreeCpu(leader);
  living.note([member(leader, wrapper, 10), member(11, init, 500)]);
  living.note([member(11, init, 800, 100)]);
  assert.equal(living.total(50), 950);
  living.note([]);
  assert.equal(living.total(50), 950);
});

test('A process that is adopted later counts as far as it was seen', () => {
  const cpu = new TreeCpu(leader);
  cpu.note([member(leader, wrapper, 10), member(11, leader, 500)]);
  cpu.note([member(11, init, 700)]);
  cpu.note([]);
  assert.equal(cpu.total(30), 730);
});

test('What was seen counts even if nobody waited for it', () => {
  const cpu = new TreeCpu(leader);
  cpu.note([member(leader, wrapper, 10), member(11, leader, 500)]);
  cpu.note([]);
  assert.equal(cpu.total(10), 510);
});

test('A number that came round again is another process', () => {
  const cpu = new TreeCpu(leader);
  cpu.note([member(11, init, 500)]);
  cpu.note([{ ...member(11, init, 20), born: 99 }]);
  assert.equal(cpu.total(0), 520);
});
