import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** The text of a page, by its path from the root of the package. */
export function pageText(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** The code blocks of one language, in their order. */
export function codeBlocks(page: string, language: string): readonly string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, code]) => code ?? '');
}

/** The cells of the rows of the table behind a line of a page, without its head. */
export function tableAfter(page: string, line: string): readonly (readonly string[])[] {
  const start = page.indexOf(line);
  if (start < 0) throw new Error(`the page has no line "${line}"`);
  const lines = page.slice(start).split('\n');
  const first = lines.findIndex((one) => one.startsWith('|'));
  const after = lines.slice(first).findIndex((one) => !one.startsWith('|'));
  return lines.slice(first + 2, first + after).map((row) => row.split('|').slice(1, -1));
}

/** What stands between backquotes. */
export function quoted(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? '');
}
