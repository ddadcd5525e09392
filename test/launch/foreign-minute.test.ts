import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { dueSlot } from '../../src/launch/slot.ts';
import { namedZone } from '../../src/schedule/zone/zone.ts';
import { openStore } from '../../src/store/store.ts';
import { installJobs, jobOf, newPath } from '../store/rig.ts';

const wrapper = fileURLToPath(new URL('../../src/wrapper.ts', import.meta.url));

/** Every file of a folder, with its bytes. */
function contents(folder: string): readonly (readonly [string, string])[] {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return names.map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return [path, readFileSync(path, 'latin1')] as const;
  });
}

test('a job that is woken for nothing writes nothing and says nothing', (t) => {
  const state = newPath(t);
  const store = openStore(state);
  installJobs(store, [jobOf('backup', { schedule: ['* * * * *'], start: '2200-01-01T00:00' })]);
  store.close();
  const before = contents(state);
  const words = [wrapper, '--state', state, 'run', '--scheduled', 'shop/backup'];
  assert.equal(execFileSync(process.execPath, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }), '');
  assert.deepEqual(contents(state), before);
});

test('a slot is served in its minute, late for five more, and never on the clock of another zone', () => {
  const job = jobOf('backup', { schedule: ['0 9 * * *'], timezone: 'Asia/Kathmandu' });
  const host = namedZone('Europe/Berlin');
  const slot = Date.parse('2026-11-24T09:00+05:45');
  assert.deepEqual(dueSlot(job, host, slot), { slot, punctual: true });
  assert.deepEqual(dueSlot(job, host, slot + 59_999), { slot, punctual: true });
  assert.deepEqual(dueSlot(job, host, slot + 300_000), { slot, punctual: false });
  assert.equal(dueSlot(job, host, slot + 300_001), undefined);
  assert.equal(dueSlot(job, host, slot - 1), undefined);
  assert.equal(dueSlot(job, host, Date.parse('2026-11-24T09:00+01:00')), undefined);
});
