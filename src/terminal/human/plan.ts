import type { Drift } from '../../crontab/drift.ts';
import type { ChangedPart, JobChange, JobField, JobState, Plan } from '../../crontab/plan.ts';
import { clip, harmless, wrap } from '../layout.ts';
import type { Page } from '../page.ts';
import { span } from '../when.ts';
import {
  envWords,
  failWhenWords,
  notifyWords,
  outputWords,
  overlapWords,
  retryWords,
  stdinWords,
} from './job-words.ts';
import { isTimeField, type TimeField, timeText } from './time-settings.ts';

/** What sync would do: each change in words, what is left alone, and the totals. */
export function plan(view: Plan, page: Page): string {
  return drawn(view, page, { add: 'to add', change: 'to change', remove: 'to remove', mend: 'sync puts it right' });
}

/** The same, of what sync did. */
export function synced(view: Plan, page: Page): string {
  return drawn(view, page, { add: 'added', change: 'changed', remove: 'removed', mend: 'it was put right' });
}

type Verbs = Readonly<Record<'add' | 'change' | 'remove' | 'mend', string>>;

function drawn(view: Plan, page: Page, verbs: Verbs): string {
  const { style } = page;
  const lines = [
    ...view.add.flatMap((one) => jobTexts(style.good('+'), one, one.after, page)),
    ...view.change.flatMap((one) => changed(one, page)),
    ...view.remove.flatMap((one) => jobTexts(style.bad('-'), one, one.before, page)),
    ...(view.settings.length > 0 ? [`${style.warn('~')} the project’s ${view.settings.join(', ')}`] : []),
    ...view.drift.flatMap((one) => drifted(one, page, verbs.mend)),
  ];
  return [...lines, ...(lines.length > 0 ? [''] : []), totals(view, page, verbs)].join('\n');
}

/** A job that comes or goes, in two lines: its schedule and its command. */
function jobTexts(mark: string, change: JobChange, state: JobState | null, { style, width }: Page): readonly string[] {
  const schedule = fieldText(state, 'schedule');
  const command = fieldText(state, 'command').replace(/\s*\n\s*/g, '; ');
  const head = `${mark} ${style.strong(change.job)}  ${clip(harmless(schedule), Math.max(8, width - change.job.length - 4))}`;
  return [head, style.faint(`    ${clip(harmless(command), width - 4)}`)];
}

/** What the job says is as it was. */
const linesWords = 'when cron starts it: the host’s time zone or the zone data has changed';

function changed(change: JobChange, page: Page): readonly string[] {
  const { style } = page;
  const { before, after } = change;
  const fields = change.fields.flatMap((field) => [
    `    ${field === 'lines' ? linesWords : field}`,
    ...side(style.bad('-'), partText(before, field), page),
    ...side(style.good('+'), partText(after, field), page),
  ]);
  return [`${style.warn('~')} ${style.strong(change.job)}`, ...fields];
}

/** One side of a difference: whole, because two long texts often differ at their ends. */
function side(mark: string, text: string, { width }: Page): readonly string[] {
  const lines = text.split('\n').flatMap((line) => wrap(harmless(line), width, ' '.repeat(8)).split('\n'));
  return lines.map((line, index) => (index === 0 ? `      ${mark} ${line.trimStart()}` : line));
}

function drifted({ job, wanted, found }: Drift, page: Page, mend: string): readonly string[] {
  const { style } = page;
  return [
    `${style.warn('!')} ${whose(job, wanted ?? found ?? '')} ${driftWords(wanted, found)}; ${mend}`,
    ...(found === null ? [] : side(style.bad('-'), found, page)),
    ...(wanted === null ? [] : side(style.good('+'), wanted, page)),
  ];
}

function whose(job: string | null, line: string): string {
  if (job !== null) return `the line of ${job}`;
  return line.endsWith(' tick') ? 'the line of the tick' : 'a line in a block';
}

function driftWords(wanted: string | null, found: string | null): string {
  if (found === null) return 'is gone from the table';
  return wanted === null ? 'was not put there by cronwright' : 'was edited in the table';
}

function partText(state: JobState | null, part: ChangedPart): string {
  return part === 'lines' ? state?.lines.join('\n') || 'none' : fieldText(state, part);
}

/** A part of a job as a person would write it. */
function fieldText(state: JobState | null, field: JobField): string {
  if (state === null) return 'none';
  const { spec: job } = state;
  switch (field) {
    case 'schedule':
      return job.schedule.join(' | ');
    case 'command':
      return job.command.kind === 'shell' ? job.command.line.trimEnd() : listText(job.command.argv);
    case 'cwd':
      return job.cwd || 'the home directory';
    case 'env':
      return envWords(job.env) || 'none';
    case 'env-file':
      return job.envFiles.join(', ') || 'none';
    case 'retry':
      return retryWords(job.retry);
    case 'notify':
      return notifyWords(job.notify);
    case 'timeout':
    case 'grace':
      return job[field] === 0 ? 'none' : span(job[field]);
    case 'description':
    case 'owner':
    case 'user':
      return job[field] || 'none';
    default:
      return isTimeField(field) ? timeText(job, field) : settingText(job, field);
  }
}

type SettingField = Exclude<
  JobField,
  | TimeField
  | 'schedule'
  | 'command'
  | 'cwd'
  | 'env'
  | 'env-file'
  | 'retry'
  | 'notify'
  | 'timeout'
  | 'grace'
  | 'description'
  | 'owner'
  | 'user'
>;

function settingText(job: JobState['spec'], field: SettingField): string {
  switch (field) {
    case 'umask':
      return job.umask === null ? 'none' : job.umask.toString(8).padStart(4, '0');
    case 'nice':
      return String(job.nice);
    case 'stdin':
      return stdinWords(job.stdin);
    case 'overlap':
      return overlapWords(job.overlap, job.waitUpTo);
    case 'wait-up-to':
      return span(job.waitUpTo);
    case 'success-exit':
      return job.successExit.join(', ');
    case 'fail-when':
      return failWhenWords(job.failWhen);
    case 'output':
      return outputWords(job.output);
    case 'labels':
      return job.labels.join(', ') || 'none';
  }
}

function totals(view: Plan, { width }: Page, { add, change, remove }: Verbs): string {
  const parts = [
    `${view.add.length} ${add}`,
    `${view.change.length} ${change}`,
    `${view.remove.length} ${remove}`,
    `${view.unchanged.length} unchanged`,
  ];
  const foreign = view.unmanaged === 0 ? '' : `; ${view.unmanaged} of others left alone`;
  return wrap(`${view.target}: ${parts.join(', ')}${foreign}`, width);
}

/** A list as the jobs file has it, with blanks at which it can be broken into lines. */
function listText(words: readonly string[]): string {
  return `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
}
