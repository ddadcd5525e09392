import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import packageJson from '../../package.json' with { type: 'json' };
import { builtProgram } from '../e2e/program.ts';
import { codeBlocks, pageText, quoted, root, tableAfter } from './page.ts';
import { newShell, type Shell } from './shell.ts';

const launcher = builtProgram();
const page = pageText('README.md');
const [example = ''] = codeBlocks(page, 'yaml');
const snippets = codeBlocks(page, 'sh');
const firstSteps = snippets.find((snippet) => snippet.includes('cronwright init')) ?? '';
const uninstall = snippets.find((snippet) => snippet.includes('jobs: {}')) ?? '';

async function succeeds(shell: Shell, snippet: string): Promise<string> {
  const { status, out, err } = await shell.type(snippet);
  assert.equal(status, 0, `${snippet}\n${out}${err}`);
  return out;
}

async function withFirstSteps(t: TestContext): Promise<{ readonly shell: Shell; readonly out: string }> {
  const shell = newShell(t, launcher);
  return { shell, out: await succeeds(shell, firstSteps) };
}

describe('the README', { concurrency: true }, () => {
  it('begins with steps that work as they are, one after the other', async (t) => {
    const { shell, out } = await withFirstSteps(t);
    assert.match(out, /^hello from main\/hello$/m);
    assert.match(readFileSync(shell.table, 'utf8'), / run --scheduled main\/hello$/m);
  });

  it('shows the lines that its example becomes', async (t) => {
    const shell = newShell(t, launcher);
    writeFileSync(join(shell.path, 'jobs.yaml'), example);
    await succeeds(shell, 'cronwright sync');
    const ours = `${launcher} --state ${join(shell.path, 'state')} `;
    const table = readFileSync(shell.table, 'utf8').replaceAll(ours, '…/cronwright ');
    const [shown = ''] = codeBlocks(page, 'crontab');
    assert.equal(shown.replaceAll(/\/\S+\/bin\/cronwright /g, '…/cronwright '), table);
  });

  it('says how to leave without a trace in the table', async (t) => {
    const { shell } = await withFirstSteps(t);
    const table = readFileSync(shell.table, 'utf8');
    writeFileSync(shell.table, `MAILTO=ops\n${table}0 4 * * * true\n`);
    await succeeds(shell, uninstall);
    assert.equal(readFileSync(shell.table, 'utf8'), 'MAILTO=ops\n0 4 * * * true\n');
  });

  it('has no other snippets than those above and those of npm', () => {
    const others = snippets.filter((snippet) => snippet !== firstSteps && snippet !== uninstall);
    for (const line of others.join('').trim().split('\n')) assert.match(line, /^npm /);
  });

  it('names scripts of npm that are there', () => {
    const named = [...page.matchAll(/\bnpm run ([a-z]+)/g)].map(([, name = '']) => name);
    assert.ok(named.includes('demo'));
    for (const name of named) assert.ok(Object.hasOwn(packageJson.scripts, name), name);
  });

  it('names every command, and no other', async (t) => {
    const help = await succeeds(newShell(t, launcher), 'cronwright --help');
    const commands = [...help.matchAll(/^ {2}([a-z]+) .*[a-z]/gm)].map(([, name = '']) => name);
    const named = tableAfter(page, '## Commands').flatMap(([cell = '']) => quoted(cell));
    assert.deepEqual(named.sort(), commands.filter((name) => name !== 'help').sort());
  });

  it('names every folder of the sources, and no other', () => {
    const named = tableAfter(page, '## The code').flatMap(([cell = '']) => quoted(cell));
    for (const path of named) assert.ok(existsSync(join(root, path)), path);
    const law = readFileSync(join(root, 'import-law.grit'), 'utf8');
    const [, rooms = ''] = /pattern before_cli\(\) \{\s*r"([a-z|]+)"/.exec(law) ?? [];
    const built = rooms.split('|').filter((room) => existsSync(join(root, 'src', room)));
    assert.ok(built.length >= 11);
    for (const room of built) assert.ok(named.includes(`src/${room}/`), room);
  });
});
