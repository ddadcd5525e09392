import { harmless, wrap } from '../layout.ts';
import { count, type Page, paintState } from '../page.ts';
import type { FindingView } from '../views.ts';

const marks = { ok: 'ok', warning: 'warn', problem: 'BAD', unknown: '?' } as const;

const titles: Readonly<Record<FindingView['group'], string>> = {
  cron: 'Cron',
  jobs: 'Jobs',
  state: 'Records',
  mail: 'Mail',
  machine: 'Machine',
};

/** What doctor found under the title of each group, each finding with its remedy below, and the verdict. */
export function findings(views: readonly FindingView[], page: Page): string {
  const lines = views.flatMap((view, index) => {
    const title = view.group === views[index - 1]?.group ? [] : [...(index === 0 ? [] : ['']), heading(view, page)];
    return [...title, shown(view, page)];
  });
  return [...lines, '', verdict(views)].join('\n');
}

function heading({ group }: FindingView, { style }: Page): string {
  return style.strong(titles[group]);
}

function shown({ state, message, remedy }: FindingView, { style, width }: Page): string {
  const mark = paintState(style, state)(marks[state].padEnd(4));
  const text = wrap(harmless(message), width, '      ').trimStart();
  const mend = remedy === null ? '' : `\n${wrap(`→ ${harmless(remedy)}`, width, '      ')}`;
  return `${mark}  ${text}${mend}`;
}

function verdict(views: readonly FindingView[]): string {
  const problems = views.filter(({ state }) => state === 'problem').length;
  const doubts = views.filter(({ state }) => state === 'warning' || state === 'unknown').length;
  if (problems + doubts === 0) return 'everything is right';
  const parts = [problems > 0 ? count(problems, 'problem') : '', doubts > 0 ? `${doubts} to look at` : ''];
  return parts.filter((part) => part !== '').join(', ');
}
