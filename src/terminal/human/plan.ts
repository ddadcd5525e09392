import type { JobChange, JobField, JobState, Plan } from '../../crontab/plan.ts';
import type { Job } from '../../job/job.ts';
import { clip, harmless } from '../layout.ts';
import type { Page } from '../page.ts';
import { span } from '../when.ts';

/** What sync would do: each change in words, what is left alone, and the totals. */
export function plan(view: Plan, page: Page): string {
  const { style } = page;
  const lines = [
    ...view.add.flatMap((one) => jobTexts(style.good('+'), one, one.after, page)),
    ...view.change.flatMap((one) => changed(one, page)),
    ...view.remove.flatMap((one) => jobTexts(style.bad('-'), one, one.before, page)),
    ...view.drift.flatMap((one) => drifted(one, page)),
  ];
  return [...lines, ...(lines.length > 0 ? [''] : []), totals(view)].join('\n');
}

/** A job that comes or goes, in two lines: its schedule and its command. */
function jobTexts(mark: string, change: JobChange, state: JobState | null, { style, width }: Page): readonly string[] {
  const schedule = fieldText(state, 'schedule');
  const command = fieldText(state, 'command').replace(/\s*\n\s*/g, '; ');
  const head = `${mark} ${style.strong(change.job)}  ${clip(harmless(schedule), width - change.job.length - 4)}`;
  return [head, style.faint(`    ${clip(harmless(command), width - 4)}`)];
}

function changed(change: JobChange, page: Page): readonly string[] {
  const { style, width } = page;
  const { before, after } = change;
  const fields = change.fields.flatMap((field) => [
    `    ${field}`,
    `      ${style.bad('-')} ${clip(harmless(fieldText(before, field)), width - 8)}`,
    `      ${style.good('+')} ${clip(harmless(fieldText(after, field)), width - 8)}`,
  ]);
  return [`${style.warn('~')} ${style.strong(change.job)}`, ...fields];
}

function drifted({ job, wanted, found }: Plan['drift'][number], { style, width }: Page): readonly string[] {
  const whose = job === null ? 'a line of the block' : `the line of ${job}`;
  const what = driftWords(wanted, found);
  const shown = (mark: string, line: string | null) =>
    line === null ? [] : [`      ${mark} ${clip(harmless(line), width - 8)}`];
  return [
    `${style.warn('!')} ${whose} ${what}; sync puts it right`,
    ...shown(style.bad('found'), found),
    ...shown(style.good('wanted'), wanted),
  ];
}

function driftWords(wanted: string | null, found: string | null): string {
  if (found === null) return 'is gone from the table';
  return wanted === null ? 'was not put there by cronwright' : 'was edited in the table';
}

/** A part of a job as a person would write it. */
function fieldText(state: JobState | null, field: JobField): string {
  const job = state?.spec as Job;
  switch (field) {
    case 'timeout':
    case 'grace':
      return job[field] === 0 ? 'none' : span(job[field]);
    case 'command':
      return job.command.kind === 'shell' ? job.command.line : JSON.stringify(job.command.argv);
    case 'schedule':
      return job.schedule.join(' | ');
    case 'env-file':
      return job.envFiles.join(', ') || 'none';
    case 'description':
    case 'owner':
    case 'cwd':
      return job[field] || 'none';
    default:
      return JSON.stringify(job[field]);
  }
}

function totals(view: Plan): string {
  const parts = [
    `${view.add.length} to add`,
    `${view.change.length} to change`,
    `${view.remove.length} to remove`,
    `${view.unchanged.length} unchanged`,
  ];
  const noun = view.unmanaged === 1 ? 'entry' : 'entries';
  const foreign = view.unmanaged === 0 ? '' : `; ${view.unmanaged} ${noun} of others left alone`;
  return `${view.target}: ${parts.join(', ')}${foreign}`;
}
