import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { skipWithout } from '../schedule/requirement.ts';
import { canMakeSystem, makeSystem, programForAll, type System, systemWith } from './other-crons.ts';
import { jobs, tableLife, utf8 } from './table-life.ts';

const cron = 'systemd-cron';
const launcher = canMakeSystem(cron) ? programForAll() : '';

tableLife(launcher, { cron, title: 'systemd-cron', foreign: utf8, takesOpenEnd: true });

const some = `  backup: { schedule: ["30 2 * * 1-5", "0 4 1 * *"], command: "true" }
  boot: { schedule: "@reboot", command: "true" }
`;

/** Makes units of the tables as systemd has them made at a start, and prints of each timer when, and what it starts. */
const generate = `rm -rf /run/units /run/crond.reboot; mkdir /run/units
/lib/systemd/system-generators/systemd-crontab-generator /run/units || exit
cd /run/units && for name in *.timer; do
  test -e "cron.target.wants/$name" || echo "nothing starts $name"
  sed -n 's/^\\(OnCalendar\\|OnBootSec\\)=//p' "$name" | tr '\\n' ' '
  tail -n 1 "\${name%.timer}.sh"; echo
done`;

async function timers(system: System): Promise<readonly string[]> {
  const { status, out, err } = await system.run(['sh', '-c', generate]);
  assert.deepEqual([status, err], [0, '']);
  return out
    .split('\n')
    .filter((line) => line !== '')
    .sort();
}

describe('systemd-cron', { skip: skipWithout(canMakeSystem(cron), systemWith(cron)) }, () => {
  for (const target of ['user', 'cron.d']) {
    it(`makes timers of the lines in ${target}, which start the launcher at the times of the jobs`, async (t) => {
      const system = await makeSystem(t, launcher, cron);
      jobs(system, some);
      await system.ends(0, ['sync', '--target', target]);
      const found = await timers(system);
      assert.ok(found.includes(`*-*-* *:*:00 ${launcher} tick`), found.join('\n'));
      assert.ok(found.includes(`1m ${launcher} run --at-boot shop/boot`), found.join('\n'));
      const ofBackup = found.filter((line) => line.endsWith(`${launcher} run --scheduled shop/backup`));
      assert.equal(ofBackup.length, 1);
      assert.match(ofBackup[0] ?? '', /\b2,4:0,30:00|\*-\*-\*/, 'it is woken for both, and judges itself');
    });
  }

  it('has a table that is no UTF-8 refused before anything is written, since it could read none any more', async (t) => {
    const system = await makeSystem(t, launcher, cron);
    const broken = Buffer.from('# caf\xe9\n0 5 * * * true\n', 'latin1');
    writeFileSync(system.file('/var/spool/cron/crontabs/root'), broken);
    jobs(system, some);
    assert.match(await system.ends(2, ['sync']), /cannot read the crontab/);
    assert.deepEqual(system.stored(), broken);
    assert.deepEqual(await system.json(['list']), []);
  });
});
