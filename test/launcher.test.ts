import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';

const root = join(import.meta.dirname, '..');
const cronPath = '/usr/bin:/bin';
/** A program in the place of the real one: it says which file it is, and which words it was given. */
const echo = 'console.log(JSON.stringify(process.argv.slice(1)));\n';

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'cronwright-launcher-'));
});
afterEach(() => rmSync(place, { recursive: true }));

function write(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

function link(target: string, path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
  return path;
}

/** A package as npm lays it out, with the real launcher; returns the launcher's path. */
function install(at = 'cronwright', program = 'dist/main.cjs'): string {
  const launcher = join(place, at, 'bin/cronwright');
  cpSync(join(root, 'bin/cronwright'), launcher);
  write(join(place, at, program), echo);
  write(join(place, at, 'package.json'), '{"type":"module"}');
  return launcher;
}

/** A runtime that can be told apart: it answers with its own name. */
function runtime(path: string): string {
  write(path, `#!/bin/sh\necho "$0"\n`);
  chmodSync(path, 0o755);
  return path;
}

function start(
  program: string,
  words: readonly string[] = [],
  env: NodeJS.ProcessEnv = { PATH: cronPath },
  cwd = place,
) {
  const { status, stdout, stderr } = spawnSync(program, words, { env, cwd, encoding: 'utf8' });
  return { status, out: stdout.trimEnd(), err: stderr };
}

describe('the launcher', () => {
  it('starts the program with the words as they are', () => {
    const words = ['run', 'a b', '*', '', '$HOME', '--', "it's"];
    const launcher = install();
    const { status, out } = start(launcher, words, { PATH: cronPath, CRONWRIGHT_NODE: process.execPath });
    assert.equal(status, 0);
    assert.deepEqual(JSON.parse(out), [join(place, 'cronwright/dist/main.cjs'), ...words]);
  });

  it('needs no environment at all but the runtime beside it', () => {
    const launcher = install();
    link(process.execPath, join(place, 'cronwright/node_modules/node/bin/node'));
    assert.deepEqual(JSON.parse(start(launcher, ['tick'], {}).out), [join(place, 'cronwright/dist/main.cjs'), 'tick']);
  });

  it('has nothing compiled on threads that its end would have to wait for', () => {
    const launcher = install();
    write(join(place, 'cronwright/dist/main.cjs'), 'console.log(process.execArgv.join(" "))');
    const { out } = start(launcher, ['tick'], { PATH: cronPath, CRONWRIGHT_NODE: process.execPath });
    assert.equal(out, '--no-concurrent-recompilation --no-concurrent-sparkplug');
  });

  it('is found through links to links, absolute and relative', () => {
    const launcher = install('lib/cronwright');
    link(launcher, join(place, 'sbin/first'));
    const second = link('../sbin/first', join(place, 'bin/second'));
    const env = { PATH: `${join(place, 'bin')}:${cronPath}`, CRONWRIGHT_NODE: process.execPath };
    for (const [program, cwd] of [
      [second, '/'],
      ['./second', join(place, 'bin')],
      ['bin/second', place],
      ['second', '/'],
    ] as const) {
      assert.deepEqual(
        JSON.parse(start(program, [], env, cwd).out),
        [join(place, 'lib/cronwright/dist/main.cjs')],
        program,
      );
    }
  });

  it('is understood by every sh that is here', () => {
    const launcher = install();
    const env = { PATH: cronPath, CRONWRIGHT_NODE: process.execPath };
    const shells = [['dash'], ['bash', '--posix'], ['busybox', 'sh'], ['ksh'], ['zsh', '--emulate', 'sh']] as const;
    const present = shells.filter(([shell]) => cronPath.split(':').some((folder) => existsSync(join(folder, shell))));
    assert.notEqual(present.length, 0);
    for (const [shell, ...options] of present) {
      assert.equal(start(shell, [...options, launcher, 'tick'], env).status, 0, shell);
    }
  });

  it('takes the runtime named by CRONWRIGHT_NODE before any other', () => {
    const launcher = install();
    runtime(join(place, 'cronwright/node_modules/node/bin/node'));
    const named = runtime(join(place, 'named'));
    assert.equal(start(launcher, [], { PATH: cronPath, CRONWRIGHT_NODE: named }).out, named);
  });

  it('takes the pinned runtime, then the hoisted one, then that of the prefix, then that of PATH', () => {
    const launcher = install('lib/node_modules/cronwright');
    const found = [
      'lib/node_modules/cronwright/node_modules/node/bin/node',
      'lib/node_modules/node/bin/node',
      'bin/node',
      'path/node',
    ].map((path) => runtime(join(place, path)));
    const env = { PATH: `${join(place, 'path')}:${cronPath}` };
    for (const node of found) {
      assert.equal(start(launcher, [], env).out, node);
      rmSync(node);
    }
  });

  it('does not take a runtime from a folder that merely lies beside a checkout', () => {
    const launcher = install('checkout');
    runtime(join(place, 'node/bin/node'));
    const own = runtime(join(place, 'path/node'));
    assert.equal(start(launcher, [], { PATH: `${join(place, 'path')}:${cronPath}` }).out, own);
  });

  it('runs the sources of a checkout that was not built', () => {
    const launcher = install('checkout', 'src/main.ts');
    const { out } = start(launcher, [], { PATH: cronPath, CRONWRIGHT_NODE: process.execPath });
    assert.deepEqual(JSON.parse(out), [join(place, 'checkout/src/main.ts')]);
  });

  it('says what is missing, with 125 for run and 2 for the rest', () => {
    const launcher = install();
    const env = { PATH: cronPath, CRONWRIGHT_NODE: '/nowhere/node' };
    const refused = start(launcher, ['sync'], env);
    assert.equal(refused.status, 2);
    assert.match(refused.err, /CRONWRIGHT_NODE is \/nowhere\/node, which is not a program\nSet it to/);
    assert.equal(start(launcher, ['run', 'main/job'], env).status, 125);
    assert.equal(start(launcher, ['--state', '/s', 'run', '--scheduled', 'main/job'], env).status, 125);
    rmSync(join(place, 'cronwright/dist'), { recursive: true });
    assert.match(start(launcher).err, /there is no program at .*cronwright\nInstall cronwright again/);
  });
});

describe('the first file', () => {
  /** The real main.ts beside stand-ins for what it loads, told that it runs on `version`. */
  function main(version: string, words: readonly string[]) {
    for (const file of ['main.ts', 'compiled.ts']) cpSync(join(root, 'src', file), join(place, 'src', file));
    write(join(place, 'package.json'), '{"type":"module"}');
    write(join(place, 'src/cli.ts'), "console.log('cli');\n");
    for (const name of ['wrapper', 'tick']) {
      write(join(place, `src/${name}.ts`), `console.log('${name}');\nexport const ended = Promise.resolve(true);\n`);
    }
    const pretend = `data:text/javascript,Object.defineProperty(process.versions,"node",{value:"${version}"})`;
    return start(process.execPath, ['--import', pretend, join(place, 'src/main.ts'), ...words]);
  }

  it('refuses a Node.js that is too old before it loads anything', () => {
    for (const version of ['14.21.3', '20.19.5', '22.17.1']) {
      const { status, out, err } = main(version, ['list']);
      assert.deepEqual({ status, out }, { status: 2, out: '' });
      assert.ok(err.includes(`${process.execPath} is Node.js ${version}, but 22.18 or later is needed`), err);
      assert.ok(err.includes('CRONWRIGHT_NODE'), err);
    }
  });

  it('keeps compiled code in a state directory that nobody else can enter, and nowhere else', () => {
    const state = join(place, 'state');
    mkdirSync(state, { mode: 0o755 });
    for (const named of [state, join(state, 'absent')])
      assert.equal(main('24.0.0', ['--state', named, 'list']).out, 'cli');
    assert.deepEqual(readdirSync(state), []);
    chmodSync(state, 0o700);
    assert.equal(main('24.0.0', ['--state', state, 'list']).out, 'cli');
    assert.deepEqual(readdirSync(state), ['compiled']);
  });

  it('refuses it with 125 when a task was to be run', () => {
    assert.equal(main('20.19.5', ['run', '--scheduled', 'main/job']).status, 125);
  });

  it('accepts 22.18 and everything later', () => {
    for (const version of ['22.18.0', '22.19.0', '24.0.0', '100.1.0'])
      assert.equal(main(version, []).out, 'cli', version);
  });

  it('gives what cron starts to the wrapper and the tick, and the rest to the command line', () => {
    const tick = ['tick', '--state /s tick'];
    const wrapper = [
      'run --scheduled main/job',
      'run --at-boot main/job',
      'run --probe',
      '--state /s run --scheduled a',
    ];
    const cli = [
      '',
      'list',
      'run main/job',
      'run --help',
      'tick --help',
      'tick --json',
      'list --scheduled',
      '--state /s list',
      'run a -- --probe',
    ];
    for (const line of tick) assert.equal(main('24.0.0', line.split(' ')).out, 'tick', line);
    for (const line of wrapper) assert.equal(main('24.0.0', line.split(' ')).out, 'wrapper', line);
    for (const line of cli) assert.equal(main('24.0.0', line.split(' ')).out, 'cli', line);
  });
});
