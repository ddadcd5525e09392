import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { zoneNames } from '../../src/schedule/zone/zone.ts';
import type { Stretch } from './year-model.ts';
import type { Finding, Task } from './year-simulation.ts';

const hosts: Task['hosts'] = [
  ['UTC', 'debian'],
  ['Europe/Berlin', 'debian'],
  ['America/New_York', 'debian'],
  ['Australia/Lord_Howe', 'debian'],
  ['Asia/Kathmandu', 'debian'],
  ['Europe/Berlin', 'busybox'],
  ['America/New_York', 'bcron'],
  ['Australia/Lord_Howe', 'systemd-cron'],
];
const year: Stretch = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2027, 0, 1) };

test('in every zone, on hosts with crons of every kind, each slot of a year is launched once and nothing else is', async (t) => {
  const names = zoneNames();
  assert.ok(names.length > 300, `the system's zone data has only ${names.length} zones`);
  const count = Math.min(8, availableParallelism());
  const shares = Array.from({ length: count }, (_, share) => names.filter((_name, index) => index % count === share));
  const findings = await Promise.all(shares.map((zones) => work({ zones, hosts, year })));
  const sum = (key: 'slots' | 'wakings' | 'asked') => findings.reduce((total, finding) => total + finding[key], 0);
  t.diagnostic(`${names.length} zones: ${sum('slots')} slots, ${sum('wakings')} wakings, ${sum('asked')} asked for`);
  const faults = findings.flatMap((finding) => finding.faults);
  assert.deepEqual([faults.length, faults.slice(0, 50)], [0, []]);
});

function work(task: Task): Promise<Finding> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./year-worker.ts', import.meta.url), { workerData: task });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
