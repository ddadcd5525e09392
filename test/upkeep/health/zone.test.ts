import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { namedZone } from '../../../src/schedule/zone/zone.ts';
import type { Revision } from '../../../src/store/registry.ts';
import { clockOfDaemons, clockOfLines } from '../../../src/upkeep/health/zone.ts';
import { morning, newPath, settingsOf } from '../../store/rig.ts';
import { processes } from './rig.ts';

const berlin = namedZone('Europe/Berlin');
const host = { zone: berlin, at: morning };

function revision(changes: Partial<Revision['settings']>): Revision {
  const settings = { ...settingsOf(), ...changes };
  return { id: 1, project: 'shop' as never, file: '', createdAt: morning, createdBy: 'ann', settings };
}

suite('the clock of the lines', () => {
  const table = (t: TestContext, text: string) => {
    const path = join(newPath(t), '../table');
    writeFileSync(path, text);
    return `file:${path}`;
  };

  test('is right where nothing has changed, or what was is not known', async (t) => {
    for (const hostZone of ['Europe/Berlin', undefined]) {
      const all = [revision({ hostZone, target: table(t, '') })];
      const found = await clockOfLines({ all, host }, undefined);
      const message = 'the lines are for the time zone of the host, Europe/Berlin';
      assert.deepEqual(found, [{ check: 'zone', state: 'ok', message, remedy: null }]);
    }
  });

  test('is another since the sync', async (t) => {
    const all = [revision({ hostZone: 'UTC', target: table(t, '') })];
    const [found] = await clockOfLines({ all, host }, undefined);
    assert.deepEqual(
      [found?.state, found?.message],
      ['problem', 'shop was installed on a host in UTC, which is in Europe/Berlin now'],
    );
    assert.match(found?.remedy ?? '', /^cronwright sync/);
  });

  test('is doubtful under lines that set one, and not above them', async (t) => {
    const block = '# BEGIN cronwright shop\n0 9 * * * /c run --scheduled shop/a\n# END cronwright shop\n';
    const all = [revision({ target: table(t, `A=1\nCRON_TZ=Asia/Tokyo\nTZ=UTC\n${block}`) })];
    const found = await clockOfLines({ all, host }, undefined);
    assert.deepEqual(
      found.map(({ state, message }) => [state, /^line \d of .* sets (\S+)/.exec(message)?.[1]]),
      [
        ['warning', 'CRON_TZ=Asia/Tokyo'],
        ['warning', 'TZ=UTC'],
      ],
    );
    const below = [revision({ target: table(t, `${block}CRON_TZ=Asia/Tokyo\n`) })];
    assert.equal((await clockOfLines({ all: below, host }, undefined))[0]?.state, 'ok');
  });
});

suite('the clock of the daemon', () => {
  test('is that of the TZ it was started with', (t) => {
    const cron = { name: 'cron', environ: 'A=1\0TZ=:America/New_York\0' };
    const proc = processes(t, cron, { name: 'vim', environ: 'TZ=Asia/Tokyo\0' });
    const [found, ...others] = clockOfDaemons(berlin, morning, proc);
    assert.deepEqual([found?.state, others], ['problem', []]);
    assert.equal(found?.message, 'cron goes by the clock of America/New_York, and here it is that of Europe/Berlin');
  });

  test('may go by another name', (t) => {
    const proc = processes(t, { name: 'crond', environ: 'TZ=Europe/Oslo\0' });
    assert.deepEqual(clockOfDaemons(berlin, morning, proc), []);
  });

  test('is not that of a container', (t) => {
    const proc = processes(t, { name: 'cron', environ: 'TZ=America/New_York\0', container: 'theirs' });
    assert.deepEqual(clockOfDaemons(berlin, morning, proc), []);
  });
});
