import type { ChangedPart, JobField, JobState } from '../../crontab/job-changes.ts';
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

/** A part of a job as a person would write it, and say it. */
export function partText(state: JobState | null, part: ChangedPart): string {
  return part === 'lines' ? state?.lines.join('\n') || 'none' : fieldText(state, part);
}

/** What the jobs file says of it. */
export function fieldText(state: JobState | null, field: JobField): string {
  if (state === null) return 'none';
  const { spec: job } = state;
  switch (field) {
    case 'schedule':
      return scheduleText(state);
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

/** As written and, where that says more, in words. */
function scheduleText({ spec, words }: JobState): string {
  const written = spec.schedule.join(' | ');
  return written === words ? written : `${written} (${words})`;
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

/** A list as the jobs file has it, with blanks at which it can be broken into lines. */
function listText(words: readonly string[]): string {
  return `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
}
