import assert from 'node:assert/strict';
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { DriftView } from '../../src/terminal/table-views.ts';
import { mailProgram } from '../notify/rig.ts';
import { newPlace, type Place } from './place.ts';
import { builtProgram, clockMovedBy } from './program.ts';

const launcher = builtProgram();
const jobs = `jobs:
  backup: { schedule: "30 2 * * *", command: "true" }
  clean: { schedule: "@reboot", command: "true" }
`;

interface Site extends Place {
  readonly mails: string;
  readonly as: (change: (table: string) => string) => void;
}

/** Jobs in a table between lines of others. */
async function siteOf(t: TestContext, options: { readonly mail: boolean }): Promise<Site> {
  const place = newPlace(t, launcher);
  const mails = join(place.path, 'mails');
  const mail = `mail: { from: cron@shop.example, to: ops@shop.example, sendmail: ["${mailProgram('appends-message')}", "${mails}"] }\n`;
  writeFileSync(place.table, '15 2 * * * /usr/local/bin/rotate\n');
  await place.install(options.mail ? mail + jobs : jobs);
  const installed = readFileSync(place.table, 'utf8');
  return { ...place, mails, as: (change) => writeFileSync(place.table, change(installed)) };
}

const noBackup = (table: string) => table.replace(/^30 2 .*\n/m, '');
const commented = (table: string) => table.replace(/^(@reboot)/m, '# $1');

describe('drift', { concurrency: true }, () => {
  it('is none after sync, and of any kind is named with its line, while nothing is changed', async (t) => {
    const { cronwright, as, table } = await siteOf(t, { mail: false });
    const clean = await cronwright(['drift']);
    assert.deepEqual([clean.status, clean.out, clean.err], [0, `shop in file:${table}: as installed\n`, '']);
    as((text) => commented(noBackup(text)));
    const edited = readFileSync(table, 'utf8');
    const { status, out } = await cronwright(['drift']);
    assert.equal(status, 1);
    assert.match(out, /2 differences\n! the line of shop\/backup is gone\n {4}\+ 30 2 .*\n/);
    assert.match(
      out,
      /! line 3: the line of shop\/clean for the start of the machine was commented out\n {4}- # @reboot/,
    );
    assert.equal(readFileSync(table, 'utf8'), edited);
  });

  it('is mended by sync', async (t) => {
    const site = await siteOf(t, { mail: false });
    site.as((text) => commented(noBackup(text)));
    assert.equal((await site.cronwright(['sync', '--target', `file:${site.table}`, '--yes'])).status, 0);
    assert.equal((await site.cronwright(['drift'])).status, 0);
  });

  it('is found where sync refuses the table, and says why it does', async (t) => {
    const site = await siteOf(t, { mail: false });
    site.as((text) => text.replace('# END cronwright shop\n', ''));
    const { status, out } = await site.cronwright(['drift']);
    assert.equal(status, 1);
    assert.match(
      out,
      /! line 2: begins a block that does not end\n[\s\S]*\nsync does not write the table as it stands:\n/,
    );
    const [view] = JSON.parse((await site.cronwright(['drift', '--json'])).out) as readonly DriftView[];
    assert.deepEqual([view?.state, view?.drift.map(({ kind }) => kind)], ['drifted', ['marker']]);
    assert.match(view?.message ?? '', /^line 5 of the table/);
  });

  it('cannot be told of a table that cannot be read', async (t) => {
    const { cronwright, table } = await siteOf(t, { mail: false });
    rmSync(table);
    symlinkSync('/dev/null', table);
    const { status, out } = await cronwright(['drift']);
    assert.equal(status, 2);
    assert.match(out, /: cannot be read\n {2}cannot use .* as a table: it is a symbolic link\n/);
  });

  it('is told of one project where one is named, and of none where nothing is installed', async (t) => {
    const { cronwright } = await siteOf(t, { mail: false });
    assert.equal((await cronwright(['drift', '--project', 'shop'])).status, 0);
    const wrong = await cronwright(['drift', '--project', 'shpo']);
    assert.equal(wrong.status, 2);
    assert.match(wrong.err, /no jobs of a project shpo are installed\n {2}→ did you mean shop\?/);
    const other = await cronwright(['drift', '--target', 'file:/nowhere', '--json']);
    assert.deepEqual([other.status, JSON.parse(other.out)], [0, []]);
    const nothing = await newPlace(t, launcher).cronwright(['drift']);
    assert.deepEqual([nothing.status, nothing.out], [0, 'no jobs are installed\n']);
  });
});

describe('the tick', { concurrency: true }, () => {
  it('tells drift once on standard error, and again when it comes again', async (t) => {
    const { cronwright, as } = await siteOf(t, { mail: false });
    assert.equal((await cronwright(['tick'])).err, '');
    as(noBackup);
    const { status, err } = await cronwright(['tick']);
    assert.equal(status, 0);
    assert.match(
      err,
      /are not as cronwright\s+installed them\.\n {2}the line of shop\/backup is gone\n {2}\S+ --state \S+ drift\n$/,
    );
    assert.equal((await cronwright(['tick'])).err, '');
    as((text) => text);
    assert.equal((await cronwright(['tick'])).err, '');
    as(noBackup);
    assert.match((await cronwright(['tick'])).err, /is gone/);
  });

  it('sends it as a mail in the same minute, and another difference an hour later', async (t) => {
    const { cronwright, as, mails } = await siteOf(t, { mail: true });
    as(noBackup);
    assert.equal((await cronwright(['tick'])).err, '');
    const count = () => readFileSync(mails, 'utf8').match(/^Subject: /gm)?.length;
    assert.match(readFileSync(mails, 'utf8'), /^Subject: \[.*\] shop: the line of shop\/backup is gone\r?$/m);
    as(commented);
    await cronwright(['tick']);
    assert.equal(count(), 1);
    await cronwright(['tick'], { also: clockMovedBy(3_700_000) });
    assert.equal(count(), 2);
    assert.match(readFileSync(mails, 'utf8'), /was\s+commented\s+out/);
  });
});
