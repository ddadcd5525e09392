import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { Cron } from '../../src/crontab/cron/cron.ts';
import { crons } from '../../src/crontab/cron/crons.ts';
import { limitsForJobs } from '../../src/crontab/cron/for-jobs.ts';
import { readTimetable } from '../../src/schedule/timetable.ts';
import { builtProgram } from '../e2e/program.ts';
import { temporaryDirectory, writeFile } from '../temporary.ts';
import { codeBlocks, pageText, quoted, tableAfter } from './page.ts';
import { newShell, type Shell } from './shell.ts';

const launcher = builtProgram();
const page = pageText('docs/crontab.md');
const shown = (word: string) => codeBlocks(page, 'text').find((block) => block.includes(word)) ?? '';
const typed = (word: string) => codeBlocks(page, 'sh').find((block) => block.includes(word)) ?? '';
const files = codeBlocks(page, 'yaml');

/** A shell with a jobs file of the project shop, and what others have in the table. */
function shopShell(t: TestContext, jobs: string, table: string): Shell {
  const shell = newShell(t, launcher);
  writeFileSync(shell.table, table);
  writeJobs(shell, jobs);
  return shell;
}

function writeJobs(shell: Shell, jobs: string): void {
  writeFileSync(join(shell.path, 'jobs.yaml'), `version: 1\nproject: shop\njobs:\n${jobs}`);
}

async function out(shell: Shell, snippet: string, expected = 0): Promise<string> {
  const { status, out, err } = await shell.type(snippet);
  assert.equal(status, expected, `${snippet}\n${out}${err}`);
  return out;
}

/** As the page has it: the user's crontab in place of the file, the usual launcher, and wherever lines are broken. */
function asOnPage(shell: Shell, text: string): string {
  const ours = `${launcher} --state ${join(shell.path, 'state')} `;
  return words(text)
    .replaceAll(ours, '/usr/local/bin/cronwright ')
    .replaceAll(`file:${shell.table}`, 'user')
    .replaceAll(shell.table, 'user')
    .replaceAll(`${shell.path}/`, '');
}

function words(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

const dump = '# Nightly dump\n30 2 * * * /usr/local/bin/dump --all >/dev/null 2>&1\n';
const messy = `${dump}\n*/15 * * * * flock -n /tmp/report.lock timeout 10m /usr/local/bin/report\n\n22-2 * * * * never\n`;
const target = ({ table }: Shell) => `--target file:${table}`;

describe('the page on the crontab', { concurrency: true }, () => {
  it('shows a plan as it is printed', async (t) => {
    const backup = '  backup: { schedule: daily at 02:00, command: dump-database }\n';
    const clean = '  clean: { schedule: daily at 03:00, command: clean }\n';
    const shell = shopShell(t, backup + clean, '30 2 * * * /usr/local/bin/report\n');
    await out(shell, 'cronwright sync');
    writeJobs(shell, '  clean: { schedule: daily at 04:00, command: clean, timeout: 20m }\n');
    assert.equal(asOnPage(shell, await out(shell, 'cronwright plan')), words(shown('~ shop/clean')));
  });

  it('saves a plan and carries it out', async (t) => {
    const shell = shopShell(t, '  one: { schedule: hourly, command: "true" }\n', '');
    assert.match(await out(shell, typed('tonight.plan')), /installed as revision 1/);
    assert.match(readFileSync(shell.table, 'utf8'), /shop\/one$/m);
  });

  it('shows what adopt prints', async (t) => {
    const shell = shopShell(t, '  one: { schedule: hourly, command: "true" }\n', messy);
    const printed = await out(shell, `cronwright adopt ${target(shell)}`);
    assert.equal(`$ cronwright adopt ${asOnPage(shell, printed)}`, words(shown('$ cronwright adopt')));
  });

  it('shows the job that adopt writes', async (t) => {
    const shell = shopShell(t, '', messy);
    writeFileSync(join(shell.path, 'jobs.yaml'), 'version: 1\nproject: shop\n');
    await out(shell, `cronwright adopt --write dump ${target(shell)}`);
    const [example = ''] = files.filter((file) => file.includes('replaces:'));
    assert.equal(readFileSync(join(shell.path, 'jobs.yaml'), 'utf8'), example);
    await out(shell, 'cronwright sync');
    assert.doesNotMatch(readFileSync(shell.table, 'utf8'), /dump --all/);
  });

  it('shows drift as it is printed', async (t) => {
    const backup = '  backup: { schedule: daily at 02:30, command: backup }\n';
    const shell = shopShell(t, `${backup}  clean: { schedule: daily at 04:00, command: clean }\n`, '# of others\n\n');
    await out(shell, 'cronwright sync');
    const edited = readFileSync(shell.table, 'utf8').replace(/^30 2/m, '30 3').replace(/^0 4/m, '# 0 4');
    writeFileSync(shell.table, edited);
    assert.equal(asOnPage(shell, await out(shell, 'cronwright drift', 1)), words(shown('was commented out')));
  });

  it('has jobs files that are valid', () => {
    assert.ok(files.length >= 2);
    for (const file of files) {
      const { problems } = readTimetable(writeFile(temporaryDirectory(), 'jobs.yaml', file));
      assert.deepEqual(problems, []);
    }
  });
});

describe('the table of crons', () => {
  const rows = new Map(
    tableAfter(page, '## Which cron').map(([head = '', ...cells]) => [head.trim(), cells.map((cell) => cell.trim())]),
  );
  const all = Object.values(crons);

  function assertRow(head: string, cell: (cron: Cron) => string): void {
    assert.deepEqual(rows.get(head), all.map(cell), head);
  }

  it('has what the program goes by', () => {
    const number = (value: number) => value.toLocaleString('en');
    assertRow('longest table', ({ table: { unit, most, mostOfRoot } }) => {
      if (most === Number.POSITIVE_INFINITY) return 'any';
      return `${number(most)} ${unit}${mostOfRoot === most ? '' : `, root ${number(mostOfRoot)}`}`;
    });
    assertRow('longest command', ({ longestCommand }) => {
      return longestCommand === Number.POSITIVE_INFINITY ? 'any' : `${number(longestCommand)} bytes`;
    });
    assertRow('checks a table', ({ check }) => (check === undefined ? 'no' : `\`${check}\``));
    assertRow('`/etc/cron.d`', ({ systemNames }) => (systemNames === undefined ? 'no' : 'yes'));
    assertRow('`@reboot`', ({ reboot }) => (reboot ? 'yes' : 'no'));
    const mail = { output: 'output', 'output-and-mailto': 'output, with `MAILTO`', failed: 'failures' };
    assertRow('mail', ({ mails, mailsWhen }) => (mails ? mail[mailsWhen] : 'none'));
  });

  it('is followed by the codes of what a cron cannot do', () => {
    const many = Array.from({ length: 300 }, (_, index) => `  job-${index}: { schedule: daily, command: "true" }\n`);
    const special = '  boot: { schedule: "@reboot", command: "true", overlap: allow }\n';
    const file = `version: 1\njobs:\n${special}${many.join('')}`;
    const { project } = readTimetable(writeFile(temporaryDirectory(), 'jobs.yaml', file));
    assert.ok(project);
    const table = { root: false, system: false, others: 0 };
    const codes = new Set(all.flatMap((cron) => limitsForJobs(project, cron, table).map(({ code }) => code)));
    const named = tableAfter(page, 'cronwright validate --cron').flatMap(([cell = '']) => quoted(cell));
    assert.deepEqual(named.sort(), [...codes].sort());
  });

  it('has the targets that there are', () => {
    const named = tableAfter(page, '## Where jobs are installed').flatMap(([cell = '']) => quoted(cell));
    assert.deepEqual(named, ['user', 'user:NAME', 'cron.d', 'file:PATH']);
  });
});
