import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobId } from '../../../src/job/job.ts';
import { drift } from '../../../src/terminal/human/drift.ts';
import type { DriftedLineView, DriftView } from '../../../src/terminal/table-views.ts';
import { pageOf } from '../samples.ts';

const right: DriftView = {
  project: 'shop',
  target: 'user',
  state: 'as-installed',
  drift: [],
  message: null,
  remedy: null,
};
const edited: DriftedLineView = {
  kind: 'edited',
  job: 'shop/backup' as JobId,
  wanted: '0 3 * * * /usr/bin/cronwright run --scheduled shop/backup',
  found: '0 4 * * * /usr/bin/cronwright run --scheduled shop/backup >/dev/null 2>&1\u001b[2J',
  line: 4,
  message: 'line 4: the line of shop/backup was edited',
  remedy: 'cronwright sync puts it right',
};
const marker: DriftedLineView = {
  kind: 'marker',
  job: null,
  wanted: '# END cronwright web',
  found: '# BEGIN cronwright web',
  line: 9,
  message: 'line 9: begins a block that does not end',
  remedy: 'see that there is the line "# END cronwright web"',
};

/** Compares a text with what a person is to read; the expected text begins and ends with a line end of its own. */
function reads(views: readonly DriftView[], expected: string, width = 80): void {
  assert.equal(`\n${drift(views, pageOf(width))}\n`, expected);
}

test('Projects that are as they were installed have a line each', () => {
  reads([], '\nno jobs are installed\n');
  reads(
    [right, { ...right, project: 'web', target: 'cron.d:cronwright-web' }],
    `
shop in user: as installed

web in cron.d:cronwright-web: as installed
`,
  );
});

test('A difference shows what stands there, what should, and what mends it', () => {
  reads(
    [{ ...right, state: 'drifted', drift: [edited] }],
    `
shop in user: 1 difference
! line 4: the line of shop/backup was edited
    - 0 4 * * * /usr/bin/cronwright run --scheduled shop/backup >/dev/null 2>&1
    + 0 3 * * * /usr/bin/cronwright run --scheduled shop/backup
    → cronwright sync puts it right
`,
  );
});

test('A damaged marker shows what stands there, and why sync would not write the table', () => {
  const stop = { message: 'line 9 of the table begins a block that does not end', remedy: 'edit the table' };
  reads(
    [
      { ...right, project: 'web', state: 'drifted', drift: [marker], ...stop },
      { ...right, ...stop },
    ],
    `
web in user: 1 difference
! line 9: begins a block that does not end
    - # BEGIN cronwright web
    → see that there is the line "# END cronwright web"

sync does not write the table as it stands:
  line 9 of the table begins a block that does not end
    → edit the table

shop in user: as installed, but sync would not write the table
  line 9 of the table begins a block that does not end
    → edit the table
`,
  );
});

test('A table that cannot be read says why', () => {
  reads(
    [{ ...right, state: 'unreadable', message: 'cannot read the crontab: crontab -l exited with status 1' }],
    `
shop in user: cannot be read
  cannot read the crontab: crontab -l exited with status 1
`,
  );
});
