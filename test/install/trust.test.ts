import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { programParts } from '../../src/install/program-parts.ts';
import { distrustedBy } from '../../src/install/trust.ts';
import { skipWithout } from '../schedule/requirement.ts';
import { temporaryDirectory, writeFile } from '../temporary.ts';

const asRoot = { skip: skipWithout(userInfo().uid === 0, 'root') };
const stranger = 65_534;
const directory = temporaryDirectory();

/** What npm leaves below a prefix: cronwright, with the files of which it makes a process. */
function newInstallation() {
  const prefix = mkdtempSync(join(directory, 'prefix-'));
  const home = join(prefix, 'lib/node_modules/cronwright');
  const files = [
    'bin/cronwright',
    'package.json',
    'dist/main.cjs',
    'dist/cli.js',
    'node_modules/better-sqlite3/prebuilds/linux-x64.node',
  ];
  for (const file of files) {
    mkdirSync(dirname(join(home, file)), { recursive: true });
    writeFile(home, file, '', 0o755);
  }
  mkdirSync(join(prefix, 'bin'));
  const node = writeFile(join(prefix, 'bin'), 'node', '', 0o755);
  const launcher = join(prefix, 'bin/cronwright');
  symlinkSync('../lib/node_modules/cronwright/bin/cronwright', launcher);
  const source = writeFile(prefix, 'jobs.yaml', '');
  const run = { target: 'user', sources: [source], launcher };
  return { home, node, launcher, source, run, files: files.map((file) => join(home, file)) };
}

suite('what root’s cron is to run', asRoot, () => {
  test('is trusted where root alone can change it', () => {
    const { run } = newInstallation();
    for (const target of ['user', 'cron.d:cronwright-shop']) assert.equal(distrustedBy({ ...run, target }), undefined);
  });

  test('is not what others can change either where lines are taken out of a table of root’s or somebody’s', () => {
    const { run, source } = newInstallation();
    chownSync(source, stranger, stranger);
    const file = { ...run, target: 'file:/srv/tab' };
    assert.equal(distrustedBy({ ...file, takesFrom: ['file:/srv/other'] }), undefined);
    for (const table of ['/etc/crontab', 'user:ann', 'user'])
      assert.match(distrustedBy({ ...file, takesFrom: [table] })?.message ?? '', /belongs to another account/);
  });

  test('is not trusted where somebody can write a file that the jobs are made from, or swap it', () => {
    for (const swap of [false, true]) {
      const { run, source } = newInstallation();
      if (swap) chownSync(dirname(source), stranger, 0);
      else chmodSync(source, 0o664);
      const found = distrustedBy(run);
      const reason = swap ? `${dirname(source)} belongs to another account (uid 65534)` : `${source} (mode 0664)`;
      assert.match(found?.message ?? '', /^root does not install jobs from what others can change: /);
      assert.ok(found?.message.endsWith(reason), found?.message);
      assert.match(found?.hint ?? '', /\/etc\/cronwright; look at it, then: chown root .* && chmod go-w /);
    }
  });

  test('is not trusted where somebody can write any part of the program, its library or its Node.js', () => {
    const { files, node } = newInstallation();
    for (const index of [...files, node].keys()) {
      const one = newInstallation();
      const path = [...one.files, one.node][index] ?? '';
      chmodSync(path, 0o757);
      const found = distrustedBy(one.run);
      assert.equal(
        found?.message,
        `root’s cron does not start a program that others can change: others may write to ${path} (mode 0757)`,
      );
    }
  });

  test('is not trusted where a link on the way to the program is another’s', () => {
    const { home, run } = newInstallation();
    const link = join(directory, 'link');
    symlinkSync(home, link);
    spawnSync('chown', ['-h', `${stranger}`, link]);
    const found = distrustedBy({ ...run, launcher: join(link, 'bin/cronwright') });
    assert.match(found?.message ?? '', /link belongs to another account/);
  });

  test('is not trusted where it is not there', () => {
    const { run } = newInstallation();
    assert.match(distrustedBy({ ...run, sources: ['/nowhere/jobs.yaml'] })?.message ?? '', /ENOENT/);
  });

  test('is no matter in a file that root’s cron does not read', () => {
    const { run, source } = newInstallation();
    chmodSync(source, 0o666);
    assert.equal(distrustedBy({ ...run, target: 'file:/srv/tab' }), undefined);
  });

  test('is no matter to others than root', () => {
    const { run, source } = newInstallation();
    chmodSync(source, 0o666);
    const module = pathToFileURL(`${import.meta.dirname}/../../src/install/trust.ts`).href;
    const code = `import { distrustedBy } from ${JSON.stringify(module)}; process.setuid(${stranger});
      console.log(typeof distrustedBy(${JSON.stringify(run)}));`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
      encoding: 'utf8',
    });
    assert.deepEqual([stdout, stderr], ['undefined\n', '']);
  });
});

suite('the parts of the program', () => {
  test('are those of an installation, with the Node.js that its launcher takes', () => {
    const { launcher, files, node } = newInstallation();
    const parts = [...programParts(launcher)];
    for (const path of [launcher, node, ...files.filter((file) => !file.includes('/bin/'))])
      assert.ok(parts.includes(path), path);
  });

  const places = ['node_modules/node/bin/node', '../node/bin/node', '../../../bin/node', ''];
  for (const [index, node] of places.entries()) {
    test(`have the Node.js that the launcher starts where ${node || 'none'} is the first beside it`, () => {
      const home = join(mkdtempSync(join(directory, 'prefix-')), 'lib/node_modules/cronwright');
      for (const each of [...places.slice(index), 'bin/cronwright', 'dist/main.cjs', 'package.json'].filter(Boolean)) {
        mkdirSync(dirname(join(home, each)), { recursive: true });
        writeFile(home, each, '#!/bin/sh\necho "$0"\n', 0o755);
      }
      const launcher = join(home, 'bin/cronwright');
      copyFileSync(`${import.meta.dirname}/../../bin/cronwright`, launcher);
      writeFile(home, 'dist/main.cjs', 'console.log(process.execPath)');
      const { stdout, stderr } = spawnSync(launcher, [], { encoding: 'utf8', env: { PATH: '/usr/bin:/bin' } });
      const chosen = [...programParts(launcher)].find((path) => /\/bin\/node$/.test(path));
      // Where the system has none either, it says so.
      if (chosen === undefined) assert.match(stderr, /no Node\.js was found/);
      else assert.equal(realpathSync(chosen), realpathSync(stdout.trim()));
    });
  }
});
