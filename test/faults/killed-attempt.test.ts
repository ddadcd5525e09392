import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { RunView } from '../../src/terminal/views.ts';
import { newPlace } from '../e2e/place.ts';
import { builtProgram, clockMovedBy, until } from '../e2e/program.ts';
import { linesIn } from './ground.ts';

const launcher = builtProgram();
const minute = 60_000;

describe('an attempt whose wrapper is killed as soon as it begins', { concurrency: 2 }, () => {
  for (const attempt of [1, 2, 3]) {
    it(`is not made again where it was number ${attempt} of 3`, async (t) => {
      const place = newPlace(t, launcher);
      const notes = join(place.path, 'notes');
      const kill = `[ "$CRONWRIGHT_ATTEMPT" = ${attempt} ] && kill -KILL $PPID`;
      const retry = { attempts: 3, delay: '10ms', backoff: 'fixed', jitter: 0 };
      const command = `${kill}; echo "$CRONWRIGHT_ATTEMPT" >>'${notes}'; exit 7`;
      await place.install(`jobs: ${JSON.stringify({ nightly: { schedule: '* * * * *', retry, command } })}\n`);
      await place.cronwright(['run', '--scheduled', 'shop/nightly']);
      await until('the attempt has ended', () => linesIn(notes).length === attempt);
      const tick = () => place.cronwright(['tick'], { also: clockMovedBy(minute) });
      await until('all attempts were made', async () => {
        await tick();
        return linesIn(notes).includes('3');
      });
      await until('nothing goes on', async () => {
        await tick();
        return (await place.json<readonly RunView[]>(['history'])).every(({ state }) => state !== 'running');
      });
      assert.deepEqual(linesIn(notes), ['1', '2', '3']);
    });
  }
});
