import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { LogView } from '../../src/terminal/views.ts';
import { newPlace, type Place } from '../e2e/place.ts';
import { builtProgram, until } from '../e2e/program.ts';
import { isAlive } from '../run/rig.ts';
import { skipWithout } from '../schedule/requirement.ts';
import { endProcessesWith, processesWith } from './marked.ts';

const launcher = builtProgram();
const skip = skipWithout(process.platform === 'linux', '/proc');

/** How a process withdraws from the task that starts it. `$STAY` notes the process and stays, `$DEAF` is deaf to TERM. */
const withdrawals = {
  'that called setsid': 'setsid sh -c "$STAY" >/dev/null 2>&1 &',
  'that forked twice': 'sh -c \'setsid sh -c "$STAY" & exit\' >/dev/null 2>&1;',
  'under nohup': 'nohup sh -c "$STAY" >/dev/null 2>&1 &',
  'that holds its streams': 'setsid sh -c "$STAY" &',
  'that is deaf to TERM': 'setsid sh -c "$DEAF" >/dev/null 2>&1 &',
} as const;

const stay = 'echo $$ >"$THERE"; exec sleep 1000';
const deaf = 'trap "" TERM; echo $$ >"$THERE"; while :; do sleep 0.1; done';

/** What the task goes on with, and what it may take. */
interface Rest {
  readonly last: string;
  readonly timeout?: string;
}

/** Installs a job whose task starts such a process, waits until it is there, and goes on. */
async function install(t: TestContext, place: Place, withdrawal: string, rest: Rest): Promise<void> {
  t.after(() => endProcessesWith(markOf(place)));
  const env = { FAULTS_PLACE: place.path, THERE: join(place.path, 'there'), STAY: stay, DEAF: deaf };
  const { last, timeout = '10m' } = rest;
  const command = `${withdrawal} while [ ! -s "$THERE" ]; do sleep 0.02; done; ${last}`;
  const settings = { schedule: '* * * * *', timeout, grace: '200ms', env, command };
  await place.install(`jobs: ${JSON.stringify({ nightly: settings })}\n`);
}

const markOf = ({ path }: Place) => `FAULTS_PLACE=${path}`;

/** The process that withdrew; 0 before it has noted itself. */
function withdrawn({ path }: Place): number {
  try {
    return Number(readFileSync(join(path, 'there'), 'utf8'));
  } catch {
    return 0;
  }
}

for (const [which, withdrawal] of Object.entries(withdrawals)) {
  describe(`a process ${which}`, { concurrency: 2, skip }, () => {
    it('is gone after a timeout', async (t) => {
      const place = newPlace(t, launcher);
      await install(t, place, withdrawal, { last: 'exec sleep 1000', timeout: '1s' });
      const { status, err } = await place.cronwright(['run', '--scheduled', 'shop/nightly']);
      assert.equal(status, 124, err);
      assert.notEqual(withdrawn(place), 0);
      assert.deepEqual(processesWith(markOf(place)), []);
    });

    it('is gone after a cancel', async (t) => {
      const place = newPlace(t, launcher);
      await install(t, place, withdrawal, { last: 'exec sleep 1000' });
      const wrapper = place.start(['run', '--at-boot', 'shop/nightly']);
      await until('it is there', () => withdrawn(place) !== 0);
      assert.equal((await place.cronwright(['cancel', 'nightly'])).status, 0);
      assert.deepEqual(processesWith(markOf(place)), []);
      await wrapper.ended;
      const { run } = await place.json<LogView>(['logs', 'nightly']);
      assert.equal(run.state, 'cancelled');
    });

    it('is left alone after a normal end, and named', async (t) => {
      const place = newPlace(t, launcher);
      await install(t, place, withdrawal, { last: 'exit 0' });
      const ended = await place.cronwright(['run', '--scheduled', 'shop/nightly']);
      assert.deepEqual(ended, { status: 0, out: '', err: '' });
      const left = withdrawn(place);
      assert.ok(isAlive(left));
      const { run, events } = await place.json<LogView>(['logs', 'nightly']);
      assert.equal(run.state, 'succeeded');
      assert.match(String(events[0]?.message), new RegExp(`^left running at its end: .*\\b${left} \\((sleep|sh)\\)`));
    });
  });
}
