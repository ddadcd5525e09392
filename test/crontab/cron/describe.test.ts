import assert from 'node:assert/strict';
import { it } from 'node:test';
import { crons } from '../../../src/crontab/cron/crons.ts';
import { describeCron } from '../../../src/crontab/cron/describe.ts';

it('a cron is described by its bounds, its check and its ways, each in a sentence', () => {
  assert.deepEqual(describeCron(crons.debian), [
    'Debian’s cron takes tables of up to 10000 lines and commands of up to 998 bytes',
    'its crontab program checks a table with -n before cronwright writes it',
    'it makes up for fixed times of day that daylight saving skips, and does not repeat them',
    'it mails what a job writes to MAILTO, or else to the owner of the table',
  ]);
  const busybox = describeCron(crons.busybox).join('\n');
  assert.match(busybox, /tables of up to 256 lines \(65535 of root\) and commands of any length/);
  assert.match(busybox, /does not look into \/etc\/cron\.d\n.*leaves out a start while that of the same line goes on/);
  assert.match(describeCron(crons.bcron).join('\n'), /does not know @reboot/);
  assert.match(describeCron(crons['systemd-cron']).join('\n'), /starts nothing at all in the hour/);
});

it('no cron is described with a full stop or an empty sentence', () => {
  for (const cron of Object.values(crons)) {
    for (const sentence of describeCron(cron)) assert.match(sentence, /^\S.*[^.]$/s);
  }
});
