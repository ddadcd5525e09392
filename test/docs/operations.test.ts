import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { builtProgram, until } from '../e2e/program.ts';
import { codeBlocks, pageText, root } from './page.ts';
import { newShell } from './shell.ts';

const launcher = builtProgram();
const page = pageText('docs/operations.md');
const snippet = (word: string) => codeBlocks(page, 'sh').find((one) => one.includes(word)) ?? '';

describe('the page on operations', { concurrency: true }, () => {
  it('has a backup that is whole, its owner’s alone, and can be restored', async (t) => {
    const shell = newShell(t, launcher);
    await shell.type('cronwright init && cronwright sync && cronwright run hello');
    const [database, copy] = [join(shell.path, 'state/cronwright.db'), join(shell.path, 'copy.db')];
    const backup = snippet('.backup(')
      .replace('$(npm root -g)/cronwright', root)
      .replace('/var/lib/cronwright/cronwright.db', database)
      .replace('/root/cronwright-backup.db', copy);
    const { status, err } = await shell.type(backup);
    assert.equal(status, 0, err);
    assert.equal(statSync(copy).mode & 0o777, 0o600);
    for (const end of ['', '-wal', '-shm']) rmSync(`${database}${end}`, { force: true });
    cpSync(copy, database);
    const { out } = await shell.type('cronwright sync && cronwright history');
    assert.match(out, /nothing to do/);
    assert.match(out, /main\/hello .* succeeded/);
  });

  it('tells the truth about a state directory that was lost: sync makes a new one', async (t) => {
    const shell = newShell(t, launcher);
    await shell.type('cronwright init && cronwright sync && cronwright run hello');
    const table = readFileSync(shell.table, 'utf8');
    rmSync(join(shell.path, 'state'), { recursive: true });
    const lost = await shell.type('cronwright run --at-boot main/hello');
    assert.equal(lost.status, 0, `until then the jobs go on\n${lost.err}`);
    const { status, out } = await shell.type('cronwright sync && cronwright history');
    assert.equal(status, 0);
    assert.deepEqual(out.match(/main\/hello .* succeeded/g)?.length, 1, `and their records wait\n${out}`);
    assert.equal(readFileSync(shell.table, 'utf8'), table);
  });

  it('starts a container with commands that work', async (t) => {
    const shell = newShell(t, launcher);
    const container = snippet('cronwright start').replace(/ --target \S+/, '');
    await shell.type('cronwright init');
    const running = shell.start(container);
    await until('it schedules', () => running.err().includes('scheduling 1 job'));
    running.process.kill('SIGTERM');
    const { status, err } = await running.ended;
    assert.equal(status, 0, err);
  });
});
