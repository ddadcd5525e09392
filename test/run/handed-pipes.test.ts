import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory, writeFile } from '../temporary.ts';
import { lacking } from './rig.ts';

const onLinux = { skip: process.platform === 'linux' ? false : 'only Linux has /proc' };

const root = join(import.meta.dirname, '../..');
const place = temporaryDirectory();

/** A program in the place of the real one, which looks at the pipes that it is handed, or starts two tasks with them. */
const program = `
import { readSync, writeSync } from 'node:fs';
import { takeHandedPipes } from ${JSON.stringify(join(root, 'src/run/handed-pipes.ts'))};
import { finish, shell } from ${JSON.stringify(join(root, 'test/run/start.ts'))};

const handed = process.env.CRONWRIGHT_PIPES;
const said = process.env.LOOK === undefined ? await runTwice() : look();
console.log(JSON.stringify({ handed, ...said }));

async function runTwice() {
  const says = 'echo out; echo err >/dev/stderr; echo event >"$CRONWRIGHT_EVENTS"';
  const line = process.env.THROUGH === undefined ? says : process.env.THROUGH + " sh -c '" + says + "'";
  const plan = { ...shell(line), handed };
  const ends = [await finish(plan), await finish(plan)];
  return { ends: ends.map(({ stdout, stderr, events }) => stdout + stderr + events) };
}

function look() {
  const pipes = takeHandedPipes(handed);
  const again = takeHandedPipes(handed);
  return { reads: pipes && Object.values(pipes).map(carries), again: again !== undefined };
}

function carries({ read, write }) {
  const buffer = Buffer.alloc(100);
  writeSync(write, String(read));
  return buffer.toString('latin1', 0, readSync(read, buffer));
}
`;

const launcher = join(place, 'bin/cronwright');
mkdirSync(join(place, 'bin'));
mkdirSync(join(place, 'src'));
cpSync(join(root, 'bin/cronwright'), launcher);
const main = writeFile(place, 'src/main.ts', program);
writeFile(place, 'package.json', '{"type":"module"}');

interface Said {
  readonly handed?: string;
  /** What each of the two tasks wrote. */
  readonly ends?: readonly string[];
  /** What came through each pipe: the number of its descriptor. */
  readonly reads?: readonly string[];
  /** Whether the pipes were taken a second time. */
  readonly again?: boolean;
}

function start(words: readonly [string, ...string[]], environment: Readonly<Record<string, string>> = {}): Said {
  const [file, ...args] = words;
  const env = { PATH: '/usr/bin:/bin', CRONWRIGHT_NODE: process.execPath, ...environment };
  const { status, stdout, stderr } = spawnSync(file, args, { env, encoding: 'utf8' });
  assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
  return JSON.parse(stdout);
}

const shells = [['dash'], ['bash', '--posix'], ['busybox', 'sh'], ['ksh'], ['zsh', '--emulate', 'sh']] as const;
const present = shells.filter(([shell]) => ['/bin', '/usr/bin'].some((folder) => existsSync(join(folder, shell))));
const ends = ['out\nerr\nevent\n', 'out\nerr\nevent\n'];
for (const words of present) {
  test(`Started by ${words[0]}, a task has its streams and its events, and so has a second one`, onLinux, () => {
    assert.deepEqual(start([...words, launcher, 'run', 'main/job']).ends, ends);
  });
}

const asRoot = { skip: process.getuid?.() === 0 ? lacking('setpriv') : 'only root can run a task as another user' };

test('A task that changes its user opens by name what was handed over', asRoot, () => {
  const THROUGH = 'setpriv --reuid 65534 --regid 65534 --clear-groups';
  assert.deepEqual(start([launcher, 'run', 'main/job'], { THROUGH }).ends, ends);
});

const withDash = { skip: onLinux.skip || lacking('dash') };
const look = { LOOK: 'yes' };

test('dash hands over three empty pipes, good for one task', withDash, () => {
  for (const words of [['run'], ['--state', '/s', 'run']]) {
    const { reads, again } = start(['dash', launcher, ...words, '--scheduled', 'main/job'], look);
    assert.deepEqual({ reads, again }, { reads: ['3', '4', '5'], again: false });
  }
});

test('What runs no task is handed nothing, and believes nothing that it inherits', onLinux, () => {
  const inherited = { ...look, CRONWRIGHT_PIPES: String(process.pid) };
  for (const words of [['tick'], ['list'], ['--state', '/s', 'tick']]) {
    const { handed, reads } = start([launcher, ...words], inherited);
    assert.deepEqual({ handed, reads }, { handed: undefined, reads: undefined });
  }
});

/** Starts the program by a line of shell, which makes what it inherits. */
function startBy(line: string, documents = ''): Said {
  return start(['dash', '-c', `${line}\n${documents}`, 'sh', process.execPath, main], look);
}

test('Pipes that are for another process stay as they are', withDash, () => {
  // Taking them, it would read the line that the shell then finds gone.
  const line = '{ CRONWRIGHT_PIPES=1 "$1" "$2"; read -r left <&3; [ "$left" = 1 ] || exit 1; } 3<<a 4<<a 5<<a';
  assert.equal(startBy(line, '1\na\n1\na\n1\na\n').reads, undefined);
});

test('What is no pipe, and a pipe without the number of the process, is not taken', withDash, () => {
  const mine = 'CRONWRIGHT_PIPES=$$; export CRONWRIGHT_PIPES; exec "$1" "$2"';
  assert.equal(startBy(`${mine} 3</dev/null 4</dev/null 5</dev/null`).reads, undefined);
  assert.equal(startBy(`${mine} 3<<a 4<<a 5<<a`, 'x\na\nx\na\nx\na\n').reads, undefined);
  assert.equal(startBy(`${mine} 3<<a 4<<a 5</dev/null`, '$$\na\n$$\na\n').reads, undefined);
  assert.equal(startBy(`${mine} 3<&- 4<&- 5<&-`).reads, undefined);
  assert.deepEqual(startBy(`${mine} 3<<a 4<<a 5<<a`, '$$\na\n$$\na\n$$\na\n').reads, ['3', '4', '5']);
});
