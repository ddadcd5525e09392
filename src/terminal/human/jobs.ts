import { type Cell, columns, harmless, wrap } from '../layout.ts';
import { type Page, paintState } from '../page.ts';
import type { JobRowView, JobView } from '../views.ts';
import { relative, span, stamp, stampMinute } from '../when.ts';
import { envWords, notifyWords, retryWords } from './job-words.ts';
import { runs, stateWords } from './runs.ts';

/** The table of jobs: what, when in words, the next time, and how the last run went. */
export function jobs(rows: readonly JobRowView[], page: Page): string {
  if (rows.length === 0) return 'no jobs are installed; cronwright sync installs those of a jobs file';
  const { style } = page;
  const head = ['JOB', 'SCHEDULE', 'NEXT', 'LAST'].map((text): Cell => ({ text, paint: style.strong }));
  const body = rows.map((row): readonly Cell[] => [
    { text: row.job },
    { text: row.words },
    { text: row.next === null ? '-' : relative(row.next, page.now) },
    lastCell(row, page),
  ]);
  return columns([head, ...body], page.width, [0, 1]);
}

function lastCell({ last, state }: JobRowView, { style, now }: Page): Cell {
  if (!last) return { text: 'never', paint: style.faint };
  if (state === 'running') return { text: `running for ${span(now - Date.parse(last.startedAt))}`, paint: style.warn };
  return {
    text: `${stateWords({ ...last, signal: null })} ${relative(last.startedAt, now)}`,
    paint: paintState(style, last.state),
  };
}

const labelWidth = 12;
/** The facts that people copy: their lines are not broken. */
const copied: readonly string[] = ['command', 'crontab', 'environment'];

/** One job with everything that was installed of it, and its latest runs. */
export function job(view: JobView, page: Page): string {
  const { style, width } = page;
  const lines = facts(view)
    .filter(([, value]) => value !== '')
    .map(
      ([name, value]) =>
        `  ${style.faint(name.padEnd(labelWidth))} ${indented(value, copied.includes(name) ? undefined : width)}`,
    );
  const latest = view.runs.length === 0 ? 'It has not run yet.' : runs(view.runs, page);
  return [style.strong(view.job), ...lines, '', latest].join('\n');
}

function facts(view: JobView): readonly (readonly [string, string])[] {
  const { retry, timeoutMs } = view;
  const policy = { ...retry, delay: retry.delayMs, maxDelay: retry.maxDelayMs };
  return [
    ['description', view.description],
    ['owner', view.owner],
    ['schedule', [view.schedule].flat().join(' | ')],
    ['in words', `${view.words} (${view.timezone})`],
    ['next', view.next.map(stampMinute).join(', ')],
    ['command', typeof view.command === 'string' ? view.command : JSON.stringify(view.command)],
    ['directory', view.cwd || 'the home directory'],
    ['environment', envWords(view.env)],
    ['env files', view.envFiles.join(', ')],
    ['timeout', timeoutMs === 0 ? 'none' : `${span(timeoutMs)}, then TERM, and KILL after ${span(view.graceMs)}`],
    ['retry', retryWords(policy)],
    ['told', toldWords(view.notify)],
    ['crontab', view.lines.join('\n')],
    ['installed', `revision ${view.revision}, ${stamp(view.installedAt)} by ${view.installedBy}, from ${view.file}`],
  ];
}

function toldWords(notify: JobView['notify']): string {
  const words = notifyWords(notify);
  return notify.on.length > 0 && notify.to.length === 0
    ? `${words}, by cron’s own mail: the project has no mail:`
    : words;
}

/** A value behind its label, its further lines below its first. */
function indented(value: string, width: number | undefined): string {
  const margin = ' '.repeat(labelWidth + 3);
  const text = harmless(value.trimEnd());
  return width === undefined ? text.replaceAll('\n', `\n${margin}`) : wrap(text, width, margin).trimStart();
}
