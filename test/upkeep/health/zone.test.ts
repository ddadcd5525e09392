import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { namedZone } from '../../../src/schedule/zone/zone.ts';
import type { Revision } from '../../../src/store/registry.ts';
import { clockOfDaemons, clockOfLines } from '../../../src/upkeep/health/zone.ts';
import { morning, newPath, settingsOf } from '../../store/rig.ts';

const berlin = namedZone('Europe/Berlin');
const host = { zone: berlin, at: morning };

function revision(changes: Partial<Revision['settings']>): Revision {
  const settings = { ...settingsOf(), ...changes };
  return { id: 1, project: 'shop' as never, file: '', createdAt: morning, createdBy: 'ann', settings };
}

/** A folder of processes: each a name, its environment and the mounts that it sees. */
function processes(t: TestContext, ...all: readonly (readonly [string, string, string])[]): string {
  const folder = newPath(t);
  for (const [pid, [name, environ, mounts]] of [['me', '', 'ours'] as const, ...all].entries()) {
    const own = join(folder, pid === 0 ? 'self' : String(pid));
    mkdirSync(join(own, 'ns'), { recursive: true });
    writeFileSync(join(own, 'comm'), `${name}\n`);
    writeFileSync(join(own, 'environ'), environ);
    symlinkSync(`mnt:[${mounts}]`, join(own, 'ns/mnt'));
  }
  return folder;
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
    const proc = processes(t, ['cron', 'A=1\0TZ=:America/New_York\0', 'ours'], ['vim', 'TZ=Asia/Tokyo\0', 'ours']);
    const [found, ...others] = clockOfDaemons(berlin, morning, proc);
    assert.deepEqual([found?.state, others], ['problem', []]);
    assert.equal(found?.message, 'cron goes by the clock of America/New_York, and here it is that of Europe/Berlin');
  });

  test('may go by another name', (t) => {
    const proc = processes(t, ['crond', 'TZ=Europe/Oslo\0', 'ours']);
    assert.deepEqual(clockOfDaemons(berlin, morning, proc), []);
  });

  test('is not that of a container', (t) => {
    const proc = processes(t, ['cron', 'TZ=America/New_York\0', 'theirs']);
    assert.deepEqual(clockOfDaemons(berlin, morning, proc), []);
  });
});
