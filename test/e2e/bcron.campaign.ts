import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { RunView } from '../../src/terminal/views.ts';
import { skipWithout } from '../schedule/requirement.ts';
import { canMakeSystem, makeSystem, programForAll, systemWith } from './other-crons.ts';
import { until } from './program.ts';
import { bytes, jobs, tableLife } from './table-life.ts';

const cron = 'bcron';
const launcher = canMakeSystem(cron) ? programForAll() : '';

tableLife(launcher, { cron, title: 'bcron', foreign: bytes, takesOpenEnd: true });

describe('bcron', { skip: skipWithout(canMakeSystem(cron), systemWith(cron)) }, () => {
  it('starts the jobs of a crontab, and those of /etc/cron.d', async (t) => {
    const system = await makeSystem(t, launcher, cron);
    const job = '  often: { schedule: "* * * * *", command: "true" }\n';
    jobs(system, job);
    await system.ends(0, ['sync']);
    jobs(system, job, 'farm');
    await system.ends(0, ['sync', '--target', 'cron.d']);
    system.write('/etc/crontab', '');
    const env = { BCRON_USER: 'cron' };
    system.start(['bcron-update', '/etc/crontab', '/etc/cron.d'], { env });
    const copy = system.file('/var/spool/cron/crontabs/:etc:cron.d:cronwright-farm');
    await until('bcron-update has brought the table of /etc/cron.d', () => existsSync(copy));
    // It reads new tables once a minute: those that are there when it starts, at once.
    system.start(['bcron-start'], { env });
    const ran = async () => {
      const runs = await system.json<readonly RunView[]>(['history']);
      return new Set(runs.filter(({ state }) => state === 'succeeded').map((run) => run.job)).size === 2;
    };
    await until('both were started', ran, 130_000);
  });
});
