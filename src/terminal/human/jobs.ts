import { type Cell, clip, columns } from '../layout.ts';
import { count, type Page, paintState } from '../page.ts';
import type { JobRowView, JobView } from '../views.ts';
import { relative, span, stamp, stampMinute } from '../when.ts';
import { runs } from './runs.ts';

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
  return columns([head, ...body], page.width);
}

function lastCell({ last, state }: JobRowView, { style, now }: Page): Cell {
  if (state === 'running' && last)
    return { text: `running for ${span(now - Date.parse(last.startedAt))}`, paint: style.warn };
  if (!last) return { text: 'never', paint: style.faint };
  return { text: `${last.state} ${relative(last.startedAt, now)}`, paint: paintState(style, last.state) };
}

/** One job with everything that was installed of it, and its latest runs. */
export function job(view: JobView, page: Page): string {
  const { style, width } = page;
  const command = [view.command].flat().join(' ');
  const facts: readonly (readonly [string, string])[] = [
    ['description', view.description],
    ['owner', view.owner],
    ['schedule', `${[view.schedule].flat().join(' | ')}`],
    ['in words', `${view.words} (${view.timezone})`],
    ['next', view.next.map(stampMinute).join(', ')],
    ['command', command],
    ['directory', view.cwd || 'the home directory'],
    [
      'environment',
      Object.entries(view.env)
        .map(([name, value]) => `${name}=${value}`)
        .join(' '),
    ],
    ['env files', view.envFiles.join(', ')],
    ['timeout', view.timeoutMs === 0 ? 'none' : `${span(view.timeoutMs)}, then TERM, after ${span(view.graceMs)} KILL`],
    ['retry', retryWords(view)],
    ['told', view.notify.on.length === 0 ? 'nobody' : `on ${view.notify.on.join(', ')}${recipients(view)}`],
    ['crontab', view.lines.join('\n')],
    ['installed', `revision ${view.revision}, ${stamp(view.installedAt)} by ${view.installedBy}, from ${view.file}`],
  ];
  const lines = facts
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `  ${style.faint(name.padEnd(12))} ${value.split('\n').join(`\n${' '.repeat(15)}`)}`);
  const latest = view.runs.length === 0 ? '  no runs yet' : runs(view.runs, page);
  return [style.strong(clip(view.job, width)), ...lines, '', latest].join('\n');
}

function recipients(view: JobView): string {
  return view.notify.to.length === 0 ? '' : ` to ${view.notify.to.join(', ')}`;
}

function retryWords({ retry }: JobView): string {
  if (retry.attempts === 1) return 'none';
  const on = retry.on === 'any' ? 'any failure' : `exit status ${retry.on.join(', ')}`;
  const wait =
    retry.backoff === 'fixed'
      ? `${span(retry.delayMs)} apart`
      : `${span(retry.delayMs)} apart, doubling up to ${span(retry.maxDelayMs)}`;
  return `up to ${count(retry.attempts, 'attempt')}, ${wait}, on ${on}`;
}
