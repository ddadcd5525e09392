import { type Cell, columns } from '../layout.ts';
import { type Page, paintState } from '../page.ts';
import type { JobRowView, PauseView } from '../views.ts';
import { relative, span } from '../when.ts';
import { endless } from './pauses.ts';
import { percent, stateWords } from './runs.ts';

/**
 * The table of jobs: what, when in words, the next time, and how the last run went.
 * @param pauses those without an end: they are said below, so that nobody forgets them.
 * @param project that of which they are all the jobs; undefined for the jobs of all projects.
 */
export function jobs(
  rows: readonly JobRowView[],
  page: Page,
  pauses: readonly PauseView[] = [],
  project?: string,
): string {
  const shown = rows.length === 0 ? noneWords(project) : table(rows, page);
  return [shown, ...(pauses.length === 0 ? [] : ['', ...endless(pauses, page)])].join('\n');
}

function noneWords(project: string | undefined): string {
  return project === undefined
    ? 'no jobs are installed; cronwright sync installs those of a jobs file'
    : `no jobs of the project ${project} are installed; cronwright list shows those of all projects`;
}

function table(rows: readonly JobRowView[], page: Page): string {
  const { style } = page;
  const head = ['JOB', 'SCHEDULE', 'NEXT', 'LAST'].map((text): Cell => ({ text, paint: style.strong }));
  const body = rows.map((row): readonly Cell[] => [
    { text: row.job },
    { text: row.words },
    nextCell(row, page),
    lastCell(row, page),
  ]);
  return columns([head, ...body], page.width, [0, 1]);
}

function nextCell({ next, paused }: JobRowView, { style, now }: Page): Cell {
  const time = next === null ? undefined : relative(next, now);
  if (paused === null) return { text: time ?? '-' };
  return { text: time === undefined ? 'paused' : `paused, ${time}`, paint: style.warn };
}

function lastCell({ last, current }: JobRowView, { style, now }: Page): Cell {
  if (current) {
    const share = current.progress === null ? '' : ` ${percent(current.progress)},`;
    const time =
      current.until === null
        ? `for ${span(now - Date.parse(current.startedAt))}`
        : `to begin ${relative(current.until, now)}`;
    return { text: `${current.state}${share} ${time}`, paint: style.warn };
  }
  if (!last) return { text: 'never', paint: style.faint };
  return {
    text: `${stateWords({ ...last, signal: null })} ${relative(last.startedAt, now)}`,
    paint: paintState(style, last.state),
  };
}
