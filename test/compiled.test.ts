import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { privatePlace, readScript } from '../src/compiled.ts';
import { temporaryDirectory } from './temporary.ts';

const temporary = temporaryDirectory();
const freshDirectory = () => mkdtempSync(join(temporary, 'place-'));
const module = join(import.meta.dirname, '../src/compiled.ts');

/** A script as build.ts makes them: the first line tells one text from another. */
function script(stamp: string, body: string): string {
  return `//${stamp.padEnd(64, '0')}\n(function (given) {\nconst { require, module, programFolder, load } = given;\n${body}\n})\n`;
}

interface Place {
  readonly path: string;
  readonly kept: string;
  write(text: string): void;
  /** Runs the script in a process of its own, as each start is, and keeps what was compiled. Returns what it exports. */
  start(): unknown;
}

function newPlace(): Place {
  const directory = freshDirectory();
  const [path, kept] = [join(directory, 'script.js'), join(directory, 'compiled/run')];
  const code = `const { readScript } = await import(${JSON.stringify(module)});
    const script = readScript(${JSON.stringify(path)}, ${JSON.stringify(kept)});
    process.stdout.write(JSON.stringify(script.run((name) => import(name))));
    script.keep();`;
  return {
    path,
    kept,
    write: (text) => writeFileSync(path, text),
    start: () => JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })),
  };
}

/** Tells a file from another that took its name. */
const identity = (path: string) => statSync(path).ino;

describe('a script with compiled code', () => {
  it('is given what it cannot have by itself, and gives what it exports', async () => {
    const { path, write } = newPlace();
    write(script('a', "module.exports = { path: require('node:path').sep, programFolder, file: load('./x.js') };"));
    const made = readScript<{ path: string; programFolder: string; file: Promise<string[]> }>(path, undefined);
    const exported = made?.run(async (name) => [name]);
    assert.equal(exported?.path, '/');
    assert.equal(exported?.programFolder, join(path, '..'));
    assert.deepEqual(await exported?.file, ['./x.js']);
  });

  it('is none where there is no such file', () => {
    assert.equal(readScript(newPlace().path, undefined), undefined);
  });

  it('keeps what was compiled while it ran', () => {
    const { kept, write, start } = newPlace();
    const body = `function late() { return ${JSON.stringify(Array.from({ length: 500 }, (_, n) => `${n}`))}.at(-1); }`;
    const sizes = ['null', 'late()'].map((value) => {
      write(script(value, `${body}\nmodule.exports = [${value.padEnd(6)}];`));
      start();
      return statSync(kept).size;
    });
    assert.ok((sizes[1] ?? 0) > (sizes[0] ?? 0) + 500, sizes.join());
  });

  it('takes what was kept, and does not write it again', () => {
    const { kept, write, start } = newPlace();
    write(script('a', 'module.exports = [1];'));
    assert.deepEqual(start(), [1]);
    assert.equal(statSync(kept).mode & 0o777, 0o600);
    const before = identity(kept);
    assert.deepEqual(start(), [1]);
    assert.equal(identity(kept), before);
  });

  it('never takes the code of another text of the same length', () => {
    const { kept, write, start } = newPlace();
    write(script('a', 'module.exports = [1];'));
    start();
    const before = identity(kept);
    write(script('b', 'module.exports = [2];'));
    assert.deepEqual(start(), [2]);
    assert.notEqual(identity(kept), before);
    assert.deepEqual(start(), [2]);
  });

  it('does without code that was cut short, and keeps it anew', () => {
    const { kept, write, start } = newPlace();
    write(script('a', 'module.exports = [1];'));
    start();
    const whole = readFileSync(kept);
    for (const length of [0, 10, 66, 80, whole.length - 1]) {
      truncateSync(kept, length);
      assert.deepEqual(start(), [1], `${length}`);
      assert.equal(readFileSync(kept).length, whole.length, `${length}`);
    }
  });

  it('runs as well where nothing can be kept', () => {
    const { kept, write, start } = newPlace();
    write(script('a', 'module.exports = [1];'));
    writeFileSync(join(kept, '..'), 'a file where a folder would be');
    assert.deepEqual(start(), [1]);
  });
});

describe('the place of compiled code', () => {
  it('is within a directory that nobody else can enter, and nowhere else', () => {
    const state = join(freshDirectory(), 'state');
    assert.equal(privatePlace(state), undefined);
    mkdirSync(state, { mode: 0o700 });
    assert.equal(privatePlace(state), join(state, 'compiled'));
    for (const mode of [0o710, 0o701, 0o755]) {
      chmodSync(state, mode);
      assert.equal(privatePlace(state), undefined, mode.toString(8));
    }
  });
});
