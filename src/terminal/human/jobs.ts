import { type Cell, columns, harmless, wrap } from '../layout.ts';
import { type Page, paintState } from '../page.ts';
import type { JobRowView, JobView, SettingsView } from '../views.ts';
import { relative, span, stamp, stampMinute } from '../when.ts';
import {
  envWords,
  failWhenWords,
  notifyWords,
  outputWords,
  overlapWords,
  retryWords,
  stdinWords,
} from './job-words.ts';
import { percent, runs, stateWords } from './runs.ts';

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

function lastCell({ last, current }: JobRowView, { style, now }: Page): Cell {
  if (current) {
    const share = current.progress === null ? '' : ` ${percent(current.progress)},`;
    return { text: `${current.state}${share} for ${span(now - Date.parse(current.startedAt))}`, paint: style.warn };
  }
  if (!last) return { text: 'never', paint: style.faint };
  return {
    text: `${stateWords({ ...last, signal: null })} ${relative(last.startedAt, now)}`,
    paint: paintState(style, last.state),
  };
}

const labelWidth = 12;
/** The facts that people copy: their lines are not broken. */
const copied: readonly string[] = ['command', 'crontab', 'environment'];

/**
 * One job with what was installed of it, and its latest runs.
 * @param usual what most jobs have: it is not worth a line.
 */
export function job(view: JobView, page: Page, usual: SettingsView): string {
  const { style, width } = page;
  const lines = facts(view, settingsFacts(view, usual))
    .filter(([, value]) => value !== '')
    .map(
      ([name, value]) =>
        `  ${style.faint(name.padEnd(labelWidth))} ${indented(value, copied.includes(name) ? undefined : width)}`,
    );
  const latest = view.runs.length === 0 ? 'It has not run yet.' : runs(view.runs, page, { ofOneJob: true });
  return [style.strong(view.job), ...lines, '', latest].join('\n');
}

type Fact = readonly [label: string, value: string];

function facts(view: JobView, settings: readonly Fact[]): readonly Fact[] {
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
    ...settings,
    ['told', toldWords(view.notify)],
    ['crontab', view.lines.join('\n')],
    ['installed', `revision ${view.revision}, ${stamp(view.installedAt)} by ${view.installedBy}, from ${view.file}`],
  ];
}

function settingsFacts(view: SettingsView, usual: SettingsView): readonly Fact[] {
  const usually = new Map(settingsWords(usual));
  return settingsWords(view).filter(([label, value]) => usually.get(label) !== value);
}

function settingsWords({ output, failWhen, ...view }: SettingsView): readonly Fact[] {
  const { sizeBytes, keep } = output.rotate;
  return [
    ['user', view.user],
    ['umask', view.umask ?? ''],
    ['nice', String(view.nice)],
    ['input', stdinWords(view.stdin)],
    ['overlap', overlapWords(view.overlap, view.waitUpToMs)],
    ['success', `exit status ${view.successExit.join(', ')}`],
    ['fails when', failWhenWords(failWhen)],
    ['output', outputWords({ keep: output.keepBytes, file: output.file, rotate: { size: sizeBytes, keep } })],
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
