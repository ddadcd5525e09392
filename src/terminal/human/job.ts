import { harmless, wrap } from '../layout.ts';
import type { Page } from '../page.ts';
import type { JobView, PauseView, SettingsView } from '../views.ts';
import { span, stamp } from '../when.ts';
import { timeFacts } from './job-times.ts';
import {
  envWords,
  failWhenWords,
  notifyWords,
  outputWords,
  overlapWords,
  retryWords,
  stdinWords,
} from './job-words.ts';
import { pausedWords } from './pauses.ts';
import { runs } from './runs.ts';

const labelWidth = 12;
/** The facts that people copy: their lines are not broken. */
const copied: readonly string[] = ['command', 'crontab', 'environment'];

/**
 * One job with what was installed of it, and its latest runs.
 * @param usual what most jobs have: it is not worth a line.
 */
export function job(view: JobView, page: Page, usual: SettingsView): string {
  const { style, width } = page;
  const lines = facts(view, settingsFacts(view, usual), page.now)
    .filter(([, value]) => value !== '')
    .map(
      ([name, value]) =>
        `  ${style.faint(name.padEnd(labelWidth))} ${indented(value, copied.includes(name) ? undefined : width)}`,
    );
  const latest = view.runs.length === 0 ? 'It has not run yet.' : runs(view.runs, page, { ofOneJob: true });
  return [style.strong(view.job), ...lines, '', latest].join('\n');
}

type Fact = readonly [label: string, value: string];

function facts(view: JobView, settings: readonly Fact[], now: number): readonly Fact[] {
  const { retry, timeoutMs } = view;
  const policy = { ...retry, delay: retry.delayMs, maxDelay: retry.maxDelayMs };
  return [
    ['description', view.description],
    ['owner', view.owner],
    ['labels', view.labels.join(', ')],
    ['paused', view.paused === null ? '' : heldWords(view.paused)],
    ...timeFacts(view, now),
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

function heldWords({ scope, name, ...pause }: PauseView): string {
  const what = { all: 'with all jobs, ', label: `with the label ${name}, `, job: '' }[scope];
  return `${what}${pausedWords(pause)}`;
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
  if (width === undefined) return text.replaceAll('\n', `\n${margin}`);
  const paragraphs = text.split('\n').map((line) => wrap(line, width, margin));
  return paragraphs.join('\n').trimStart();
}
