import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { skipWithout } from '../schedule/requirement.ts';
import { writeFile } from '../temporary.ts';
import { copyOfPackage, type Ended, run } from './program.ts';

/** A Node.js that is too old: that of Debian 12, unless one is named. */
const oldNode = process.env.CRONWRIGHT_OLD_NODE ?? '/usr/bin/node';

function versionOf(node: string): number {
  return existsSync(node) ? Number(execFileSync(node, ['--version'], { encoding: 'utf8' }).slice(1).split('.')[0]) : 0;
}

const hasOldNode = versionOf(oldNode) > 0 && versionOf(oldNode) < 22;

/** npm could not reach its registry; no other failure of it is forgiven. */
const offline = /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ENOTCACHED|ECONNRESET)\b/;

describe('the package that npm installs', () => {
  let directory: string;
  let prefix: string;
  let installed: Ended;

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'cronwright-package-'));
    prefix = join(directory, 'prefix');
    const also = { PATH: `${dirname(process.execPath)}:${process.env.PATH}` };
    const npm = (cwd: string, ...words: string[]) => run(['npm', ...words, '--logs-max=0'], { cwd, also });
    // Packing runs `prepare`, so what is packed is built from the sources of now.
    const packed = await npm(copyOfPackage(directory), 'pack', '--pack-destination', directory);
    assert.equal(packed.status, 0, packed.err);
    const [tarball = ''] = readdirSync(directory).filter((name) => name.endsWith('.tgz'));
    const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--fetch-retries=1'];
    installed = await npm(directory, 'install', '--global', '--prefix', prefix, ...quiet, join(directory, tarball));
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  /** The path of what is installed; empty, with the test skipped, where there is no registry. */
  function program(t: TestContext): string {
    if (installed.status !== 0 && offline.test(installed.err) && process.env.CI === undefined) {
      t.skip('needs the npm registry');
      return '';
    }
    assert.equal(installed.status, 0, installed.err);
    return join(prefix, 'bin/cronwright');
  }

  const withNode = (node: string | undefined) => ({
    env: { PATH: '/usr/bin:/bin', HOME: directory, ...(node === undefined ? {} : { CRONWRIGHT_NODE: node }) },
    cwd: directory,
  });

  it('holds what it runs and what people read, and nothing to build or test it', (t) => {
    if (program(t) === '') return;
    const files = readdirSync(join(prefix, 'lib/node_modules/cronwright'));
    for (const name of ['bin', 'dist', 'jobs.example.yaml', 'package.json']) assert.ok(files.includes(name), name);
    for (const name of ['src', 'test', 'build.ts', 'tsconfig.json']) assert.ok(!files.includes(name), name);
    const others = readdirSync(join(prefix, 'lib/node_modules/cronwright/node_modules'));
    for (const name of ['typescript', 'esbuild', 'ajv', '@biomejs']) assert.ok(!others.includes(name), name);
  });

  it('says on a Node.js that is too old what is needed, and touches nothing', {
    skip: skipWithout(hasOldNode, `an old Node.js at ${oldNode} or CRONWRIGHT_OLD_NODE`),
  }, async (t) => {
    const cronwright = program(t);
    if (cronwright === '') return;
    const cases = [
      { words: ['--version'], status: 2 },
      { words: ['sync'], status: 2 },
      { words: ['tick'], status: 2 },
      { words: ['run', 'main/hello'], status: 125 },
      { words: ['run', '--scheduled', 'main/hello'], status: 125 },
      { words: ['--state', directory, 'run', '--scheduled', 'main/hello'], status: 125 },
    ];
    for (const { words, status } of cases) {
      const ended = await run([cronwright, ...words], withNode(oldNode));
      assert.deepEqual({ words, status: ended.status, out: ended.out }, { words, status, out: '' }, ended.err);
      assert.match(ended.err, /^cronwright: \S+ is Node\.js \d+\.\d+\.\d+, but 22\.18 or later is needed\.\n/);
      assert.match(ended.err, /CRONWRIGHT_NODE/);
      assert.equal(ended.err.trimEnd().split('\n').length, 2, ended.err);
    }
  });

  it('finds the old one of the system by itself where there is no other', {
    skip: skipWithout(hasOldNode && oldNode === '/usr/bin/node', 'an old Node.js at /usr/bin/node'),
  }, async (t) => {
    const cronwright = program(t);
    if (cronwright === '') return;
    const { status, err } = await run([cronwright, 'list'], withNode(undefined));
    assert.equal(status, 2);
    assert.match(err, /\/usr\/bin\/node is Node\.js/);
  });

  it('does not install jobs that only the person’s own environment could start', {
    skip: skipWithout(hasOldNode && oldNode === '/usr/bin/node', 'an old Node.js at /usr/bin/node'),
  }, async (t) => {
    const cronwright = program(t);
    if (cronwright === '') return;
    const { ok, cronwright: start, table } = newProject(cronwright, withNode(process.execPath));
    await ok('validate');
    const { status, err } = await start('sync', '--target', `file:${table}`);
    assert.equal(status, 2);
    assert.match(err, /cron could not start the jobs: .* is Node\.js .*nothing was changed/s);
    assert.equal(existsSync(table), false);
  });

  it('validates, installs and runs jobs on a new one, which it finds in its prefix', async (t) => {
    const cronwright = program(t);
    if (cronwright === '') return;
    const node = join(prefix, 'bin/node');
    symlinkSync(process.execPath, node);
    t.after(() => rmSync(node));
    const { ok, table } = newProject(cronwright, withNode(undefined));
    const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
    assert.equal(await ok('--version'), `${(JSON.parse(text) as { version: string }).version}\n`);
    assert.match(await ok('validate'), /^valid: 1 job/);
    await ok('sync', '--target', `file:${table}`);
    assert.match(readFileSync(table, 'utf8'), /^0 0 \* \* \* \/\S+ --state \S+ run --scheduled main\/hello$/m);
    assert.equal(await ok('run', 'hello'), 'hello\n');
    assert.match(await ok('history'), /main\/hello.*succeeded/);
  });

  /** A jobs file with one job, and the program to install it with. */
  function newProject(program: string, options: ReturnType<typeof withNode>) {
    const place = mkdtempSync(join(directory, 'place-'));
    const file = writeFile(
      place,
      'jobs.yaml',
      'version: 1\njobs: { hello: { schedule: "@daily", command: echo hello } }\n',
    );
    const cronwright = (...words: string[]) =>
      run([program, '--file', file, '--state', join(place, 'state'), ...words], options);
    const ok = async (...words: string[]) => {
      const ended = await cronwright(...words);
      assert.equal(ended.status, 0, `${words.join(' ')}: ${ended.err}`);
      return ended.out;
    };
    return { cronwright, ok, table: join(place, 'table') };
  }
});
