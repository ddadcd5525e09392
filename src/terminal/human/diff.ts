import { clip, harmless } from '../layout.ts';
import type { Page } from '../page.ts';
import type { HunkView, LinesView } from '../table-views.ts';

/** No more lines are shown: a person has seen enough, and the rest can be had. */
const mostLines = 300;
/** Nor more characters of a line, which is more than Debian’s cron takes. */
const longestLine = 1_200;

/** Two tables, what they are called, and in what they differ. */
export interface Difference {
  readonly before: string;
  readonly after: string;
  readonly hunks: readonly HunkView[];
}

/** A unified diff, as `diff -u` writes it. Lines are whole, because two long ones often differ at their ends. */
export function diff({ before, after, hunks }: Difference, page: Page): string {
  const { style } = page;
  const lines = hunks.flatMap((hunk) => [
    style.faint(`@@ -${span(hunk.before)} +${span(hunk.after)} @@`),
    ...body(hunk, page),
  ]);
  const left = lines.length - mostLines;
  const shown =
    left > 0 ? [...lines.slice(0, mostLines), style.faint(`… and ${left.toLocaleString('en')} lines more`)] : lines;
  return [style.bad(`--- ${before}`), style.good(`+++ ${after}`), ...shown].join('\n');
}

/** A count of one is left out. */
function span({ line, count }: LinesView): string {
  return count === 1 ? String(line) : `${line},${count}`;
}

const marks = { same: ' ', removed: '-', added: '+' } as const;

function body({ lines }: HunkView, { style }: Page): readonly string[] {
  const paints = { same: (text: string) => text, removed: style.bad, added: style.good } as const;
  return lines.flatMap(({ kind, text, ends }) => [
    paints[kind](clip(`${marks[kind]}${harmless(text)}`, longestLine)),
    ...(ends ? [] : [style.faint('\\ No newline at end of file')]),
  ]);
}
