import { harmless, wrap } from '../layout.ts';
import { count, type Page } from '../page.ts';
import type { DriftedLineView, DriftView } from '../table-views.ts';

/** What was done to the lines of each project in its table: before and after, and what mends it. */
export function drift(views: readonly DriftView[], page: Page): string {
  if (views.length === 0) return 'no jobs are installed';
  return views.map((view) => projectLines(view, page).join('\n')).join('\n\n');
}

function projectLines(view: DriftView, page: Page): readonly string[] {
  const { style, width } = page;
  const { state, project, target, message, remedy } = view;
  const name = `${style.strong(harmless(project))} in ${harmless(target)}`;
  if (state === 'as-installed' && message === null) return [`${name}: ${style.good('as installed')}`];
  const objection = message === null ? [] : [wrap(harmless(message), width, '  ')];
  const mend = remedy === null ? [] : [remedyLine(remedy, page)];
  const lines = view.drift.flatMap((one) => driftLines(one, page));
  switch (state) {
    case 'unreadable':
      return [`${name}: ${style.bad('cannot be read')}`, ...objection, ...mend];
    case 'as-installed':
      return [`${name}: ${style.good('as installed')}, but sync would not write the table`, ...objection, ...mend];
    case 'drifted': {
      const head = `${name}: ${style.warn(count(view.drift.length, 'difference'))}`;
      const stop = message === null ? [] : ['', 'sync does not write the table as it stands:', ...objection, ...mend];
      return [head, ...lines, ...stop];
    }
  }
}

/** What a marker should be is in its remedy: often it is another one than stands there. */
function driftLines({ kind, message, remedy, wanted, found }: DriftedLineView, page: Page): readonly string[] {
  const { style, width } = page;
  return [
    `${style.warn('!')} ${wrap(harmless(message), width, '  ').trimStart()}`,
    ...(found === null ? [] : [side(style.bad('-'), found, width)]),
    ...(wanted === null || kind === 'marker' ? [] : [side(style.good('+'), wanted, width)]),
    remedyLine(remedy, page),
  ];
}

/** Whole, because two long lines often differ at their ends. */
function side(mark: string, line: string, width: number): string {
  return `    ${mark} ${wrap(harmless(line), width, '      ').trimStart()}`;
}

function remedyLine(remedy: string, { width }: Page): string {
  return `    → ${wrap(harmless(remedy), width, '      ').trimStart()}`;
}
