import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { newPlace } from '../e2e/place.ts';
import { builtProgram } from '../e2e/program.ts';

const launcher = builtProgram();

/** Every help page by its command; the page of the program itself has no name. */
async function helpPages(t: TestContext): Promise<ReadonlyMap<string, string>> {
  const place = newPlace(t, launcher);
  const { out } = await place.cronwright(['--help']);
  const names = [...out.matchAll(/^ {2}([a-z]+) .*[a-z]/gm)].map(([, name = '']) => name);
  const own = names.filter((name) => name !== 'help');
  const pages = await Promise.all(own.map(async (name) => (await place.cronwright(['help', name])).out));
  return new Map([['', out], ...own.map((name, index) => [name, pages[index] ?? ''] as const)]);
}

describe('the help pages', () => {
  it('fit 80 columns', async (t) => {
    const pages = await helpPages(t);
    assert.ok(pages.size > 12);
    const wide = [...pages.values()].flatMap((page) => page.split('\n')).filter((line) => [...line].length > 80);
    assert.deepEqual(wide, []);
  });

  it('end with exit statuses and examples, each of the command itself', async (t) => {
    for (const [name, page] of await helpPages(t)) {
      if (name === '') continue;
      assert.match(page, /^Exit status:\n(?: {2,}\S.*\n)+\nExamples:\n(?: {2}cronwright .*\n)+$/m, name);
      const [, examples = ''] = page.split('Examples:\n');
      for (const example of examples.trim().split('\n')) assert.ok(example.includes(name), example);
    }
  });

  it('break no line of a description where the next word had room', async (t) => {
    for (const [name, page] of await helpPages(t)) {
      const lines = (page.split('\n\n')[1] ?? '').split('\n');
      const short = lines.slice(0, -1).filter((line, index) => {
        const [word = ''] = (lines[index + 1] ?? '').split(' ');
        return `${line} ${word}`.length < 70;
      });
      assert.deepEqual(short, [], name);
    }
  });

  it('begin each description with a capital, and end it with a full stop', async (t) => {
    for (const [name, page] of await helpPages(t)) {
      const [, description = ''] = page.split('\n\n');
      assert.match(description, /^[A-Z].*\.$/s, name);
    }
  });
});

describe('an error', { concurrency: true }, () => {
  it('of usage is told in words, or as JSON, once', async (t) => {
    const place = newPlace(t, launcher);
    const words = await place.cronwright(['list', '--colour']);
    assert.deepEqual(words, { status: 2, out: '', err: "error: unknown option '--colour'\n" });
    const { status, err } = await place.cronwright(['list', '--colour', '--json']);
    assert.equal(status, 2);
    assert.deepEqual(JSON.parse(err), { error: { message: "unknown option '--colour'", hint: null, exit: 2 } });
  });

  it('of run is 125, so that 2 is always the task’s own', async (t) => {
    const place = newPlace(t, launcher);
    await place.install('jobs: { two: { schedule: hourly, command: exit 2 } }\n');
    assert.equal((await place.cronwright(['run', 'nobody'])).status, 125);
    assert.equal((await place.cronwright(['run'])).status, 125);
    assert.equal((await place.cronwright(['run', 'two'])).status, 2);
    assert.equal((await place.cronwright(['show', 'nobody'])).status, 2);
  });
});
