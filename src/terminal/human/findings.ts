import { wrap } from '../layout.ts';
import { count, type Page, paintState } from '../page.ts';
import type { FindingView } from '../views.ts';

const marks = { ok: 'ok', warning: 'warn', problem: 'BAD', unknown: '?' } as const;

/** What doctor found, each with its remedy below, and the verdict. */
export function findings(views: readonly FindingView[], page: Page): string {
  const lines = views.map(({ state, message, remedy }) => {
    const mark = paintState(page.style, state)(marks[state].padEnd(4));
    const text = wrap(message, page.width, '      ').trimStart();
    const mend = remedy === null ? '' : `\n${wrap(`→ ${remedy}`, page.width, '      ')}`;
    return `${mark}  ${text}${mend}`;
  });
  return [...lines, '', verdict(views)].join('\n');
}

function verdict(views: readonly FindingView[]): string {
  const problems = views.filter(({ state }) => state === 'problem').length;
  const doubts = views.filter(({ state }) => state === 'warning' || state === 'unknown').length;
  if (problems + doubts === 0) return 'everything is right';
  const parts = [problems > 0 ? count(problems, 'problem') : '', doubts > 0 ? `${doubts} to look at` : ''];
  return parts.filter((part) => part !== '').join(', ');
}
