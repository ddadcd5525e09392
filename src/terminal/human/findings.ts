import { wrap } from '../layout.ts';
import { type Page, paintState } from '../page.ts';
import type { FindingView } from '../views.ts';

const marks = { ok: 'ok', warning: 'look', problem: 'BAD', unknown: '?' } as const;

/** What doctor found, each with its remedy below. */
export function findings(views: readonly FindingView[], page: Page): string {
  const lines = views.map(({ state, message, remedy }) => {
    const mark = paintState(page.style, state)(marks[state].padEnd(4));
    const text = wrap(message, page.width, '      ').trimStart();
    const mend = remedy === null ? '' : `\n${wrap(`→ ${remedy}`, page.width, '      ')}`;
    return `${mark}  ${text}${mend}`;
  });
  return lines.join('\n');
}
