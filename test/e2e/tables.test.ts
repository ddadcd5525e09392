import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JobRowView } from '../../src/terminal/views.ts';
import { skipWithout } from '../schedule/requirement.ts';
import { canMakeSystem, makeSystem, programForAll, type System, systemWith } from './other-crons.ts';
import { bytes, jobs, keeps, tableLife } from './table-life.ts';

const launcher = canMakeSystem('debian') ? programForAll() : '';

tableLife(launcher, {
  cron: 'debian',
  title: 'Debian’s cron',
  foreign: bytes,
  full: { table: '# one of many\n'.repeat(9_999), said: /has 10005 lines.*takes at most 10000/ },
});

const backup = '  backup: { schedule: "30 2 * * *", command: "true" }\n';
const clean = '  clean: { schedule: "50 2 * * *", command: "true" }\n';

const skip = skipWithout(canMakeSystem('debian'), systemWith('debian'));

/** The lines of a table from one marker to the other. */
function block(system: System, name: string): string | undefined {
  const text = system.stored()?.toString('latin1') ?? '';
  return new RegExp(`^# BEGIN cronwright ${name}\n(?:.*\n)*?# END cronwright ${name}\n`, 'm').exec(text)?.[0];
}

function ticks(system: System): readonly string[] {
  return (
    system
      .stored()
      ?.toString('latin1')
      .match(/^.* tick$/gm) ?? []
  );
}

/** A project of a state directory of its own. */
function projectOf(system: System, name: string) {
  const [file, state] = [`/etc/cronwright/${name}.yaml`, `/var/lib/${name}`];
  return {
    write: (text: string) =>
      system.write(file, `version: 1\nproject: ${name}\njobs:${text === '' ? ' {}\n' : `\n${text}`}`),
    ends: (status: number, ...words: string[]) => system.ends(status, ['--file', file, '--state', state, ...words]),
  };
}

describe('one crontab of several state directories', { skip }, () => {
  it('has a block and a tick for each, and none touches the other', async (t) => {
    const system = await makeSystem(t, launcher, 'debian');
    await system.place(bytes);
    const [farm, shop] = [projectOf(system, 'farm'), projectOf(system, 'shop')];
    farm.write(backup);
    await farm.ends(0, 'sync');
    const ofFarm = block(system, 'farm');
    shop.write(backup);
    await shop.ends(0, 'sync');
    assert.deepEqual([block(system, 'farm'), ticks(system).length], [ofFarm, 2]);
    for (const one of [farm, shop]) {
      assert.match(await one.ends(0, 'drift'), /as installed/);
      assert.match(await one.ends(0, 'sync'), /nothing to do/);
    }
    shop.write(backup + clean);
    await shop.ends(0, 'sync');
    const [ofShop, [first, second]] = [block(system, 'shop'), ticks(system)];
    assert.equal(block(system, 'farm'), ofFarm);
    farm.write('');
    await farm.ends(0, 'sync', '--yes');
    assert.deepEqual([block(system, 'farm'), block(system, 'shop')], [undefined, ofShop]);
    assert.match(first ?? '', /--state \/var\/lib\/farm tick/);
    assert.deepEqual(ticks(system), [second]);
    assert.match(await shop.ends(0, 'drift'), /as installed/);
    keeps(system, bytes);
  });
});

describe('the crontab of another account', { skip }, () => {
  const alice = ['--target', 'user:alice'];

  it('is changed by root and by its owner in turn, and every file is the owner’s', async (t) => {
    const system = await makeSystem(t, launcher, 'debian');
    await system.place(bytes, 'alice');
    const file = jobs(system, backup).replace(/.*(?=\/etc\/)/, '');
    assert.match(await system.ends(0, ['sync', ...alice]), /^acting for alice: user is the crontab of that account\n/);
    const rows = await system.json<readonly JobRowView[]>(['list'], { as: 'alice' });
    assert.deepEqual(
      rows.map(({ job }) => job),
      ['shop/backup'],
    );
    await system.ends(0, ['run', 'backup'], { as: 'alice' });
    jobs(system, backup + clean);
    await system.ends(0, ['--file', file, 'sync'], { as: 'alice' });
    assert.match(await system.ends(0, ['sync', ...alice]), /nothing to do/);
    await system.ends(0, ['rollback', '--yes', ...alice]);
    await system.ends(0, ['sync', ...alice]);
    jobs(system, backup);
    await system.ends(0, ['sync', '--yes', ...alice]);
    keeps(system, bytes, 'alice');
    assert.deepEqual(await system.run(['find', '/home/alice', '!', '-user', 'alice']), { status: 0, out: '', err: '' });
    assert.deepEqual(await system.json<readonly JobRowView[]>(['list']), []);
  });

  it('takes root nowhere by links that its owner has planted', async (t) => {
    const system = await makeSystem(t, launcher, 'debian');
    await system.run(['sh', '-c', 'mkdir -m 700 /etc/secret && echo kept >/etc/secret/kept']);
    jobs(system, backup);
    const before = await listing(system);
    const paths = await pathsOfState(system);
    assert.ok(paths.includes('cronwright/cronwright.db'), paths.join(' '));
    for (const path of paths) {
      for (const end of ['/etc/secret', '/etc/secret/kept', '/etc/secret/new']) {
        const plant = `rm -rf ~/.local; umask 077; mkdir -p "$(dirname ~/.local/state/${path})"; ln -s ${end} ~/.local/state/${path}`;
        await system.run(['sh', '-c', plant], { as: 'alice' });
        await system.run([launcher, 'sync', '--yes', ...alice]);
        assert.equal(await listing(system), before, `${path} led to ${end}`);
        assert.equal((await system.run(['cat', '/etc/secret/kept'])).out, 'kept\n', `${path} led to ${end}`);
      }
    }
  });
});

/** What lies in root's folder, with owners, modes and times. */
async function listing(system: System): Promise<string> {
  return (await system.run(['find', '/etc/secret', '-printf', '%p %u %m %s %T@\n'])).out;
}

/** What is made where alice has her state, by the paths there. */
async function pathsOfState(system: System): Promise<readonly string[]> {
  await system.ends(0, ['sync', '--target', 'user:alice']);
  return (await system.run(['find', '/home/alice/.local/state', '-mindepth', '1', '-printf', '%P\n'])).out
    .trim()
    .split('\n');
}
