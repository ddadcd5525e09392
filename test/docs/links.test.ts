import assert from 'node:assert/strict';
import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { pageText, root } from './page.ts';

const pages = ['README.md', ...globSync('docs/*.md', { cwd: root })];

/** A heading as browsers name it in an address. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

function anchorsOf(path: string): readonly string[] {
  return [...pageText(path).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchor(heading));
}

/** Whether a link of a page leads to a file, and to a heading of it where one is named. */
function leads(page: string, target: string): boolean {
  const [path = '', heading] = target.split('#');
  const file = path === '' ? page : join(dirname(page), path);
  return existsSync(join(root, file)) && (heading === undefined || anchorsOf(file).includes(heading));
}

describe('the pages', () => {
  it('link only to what is there', () => {
    for (const page of pages) {
      const targets = [...pageText(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
      assert.deepEqual([page, ...targets.filter((target) => !leads(page, target))], [page]);
    }
  });

  it('are all reached from the README', () => {
    for (const page of pages.slice(1)) assert.ok(pageText('README.md').includes(`(${page})`), page);
  });

  it('name only source files that are there', () => {
    const paths = pages.flatMap((page) => [...pageText(page).matchAll(/`((?:src|test|docs)\/[\w./-]+)`/g)]);
    assert.ok(paths.length > 0);
    for (const [, path = ''] of paths) assert.ok(existsSync(join(root, path)), path);
  });
});
