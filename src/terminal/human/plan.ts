import type { Drift, DriftKind } from '../../crontab/drift.ts';
import type { JobState } from '../../crontab/job-changes.ts';
import type { LineOut, MissingLine } from '../../crontab/plan.ts';
import type { Moved } from '../../job/job.ts';
import { clip, harmless, wrap } from '../layout.ts';
import { count, type Page } from '../page.ts';
import type { JobChangeView, PlanView } from '../plan-view.ts';
import { fieldText } from './job-parts.ts';

/** What sync would do: each change in words, what is left alone, and the totals. */
export function plan(view: PlanView, page: Page): string {
  const verbs = {
    add: 'to add',
    change: 'to change',
    remove: 'to remove',
    rename: 'to rename',
    mend: 'to put right',
    takeOut: 'to take out',
    mends: 'sync puts it right',
    takesOut: 'sync takes it out',
    leaves: 'will be',
  };
  return [...drawn(view, page, verbs), ...unmanagedLines(view, page)].join('\n');
}

const past = {
  add: 'added',
  change: 'changed',
  remove: 'removed',
  rename: 'renamed',
  mend: 'put right',
  takeOut: 'taken out',
  mends: 'it was put right',
  takesOut: 'it was taken out',
  leaves: 'were',
};

/** The same, of what sync did. */
export function synced(view: PlanView, page: Page): string {
  return drawn(view, page, past).join('\n');
}

/** Only how much that was, for somebody who has just read all of it there. */
export function syncedAsAgreed(view: PlanView, page: Page): string {
  return totals(view, page, past);
}

type Verbs = Readonly<
  Record<'add' | 'change' | 'remove' | 'rename' | 'mend' | 'takeOut' | 'mends' | 'takesOut' | 'leaves', string>
>;

function drawn(view: PlanView, page: Page, verbs: Verbs): readonly string[] {
  const { style } = page;
  const lines = [
    ...view.moved.map((one) => movedLine(one, page)),
    ...view.add.flatMap((one) => jobTexts(style.good('+'), one, one.after, page)),
    ...view.change.flatMap((one) => changed(one, page)),
    ...view.remove.flatMap((one) => jobTexts(style.bad('-'), one, one.before, page)),
    ...(view.settings.length > 0 ? [`${style.warn('~')} the project’s ${view.settings.join(', ')}`] : []),
    ...view.leaves.map((target) => {
      return `${style.warn('~')} the project’s lines in the table of target ${target} ${verbs.leaves} taken out`;
    }),
    ...replacedLines(view, page),
    ...view.notFound.flatMap((one) => missingLine(one, page)),
    ...outLines(view, page),
    ...view.drift.flatMap((one) => drifted(one, page, verbs)),
  ];
  return [...lines, ...(lines.length > 0 ? [''] : []), totals(view, page, verbs)];
}

function movedLine({ from, to }: Moved, { style, width }: Page): string {
  return wrap(`${style.warn('→')} ${from} becomes ${style.strong(to)}, with its history`, width);
}

/** A job that comes or goes, in two lines: its schedule and its command. */
function jobTexts(
  mark: string,
  change: JobChangeView,
  state: JobState | null,
  { style, width }: Page,
): readonly string[] {
  const schedule = fieldText(state, 'schedule');
  const command = fieldText(state, 'command').replace(/\s*\n\s*/g, '; ');
  const head = `${mark} ${style.strong(harmless(change.job))}  ${clip(harmless(schedule), Math.max(8, width - change.job.length - 4))}`;
  return [head, style.faint(`    ${clip(harmless(command), width - 4)}`)];
}

/** What the job says is as it was. */
const linesWords = 'when cron starts it: the host’s time zone or the zone data has changed';

function changed({ job, differences }: JobChangeView, page: Page): readonly string[] {
  const { style } = page;
  const fields = differences.flatMap(({ field, before, after }) => [
    `    ${field === 'lines' ? linesWords : field}`,
    ...side(style.bad('-'), before, page),
    ...side(style.good('+'), after, page),
  ]);
  return [`${style.warn('~')} ${style.strong(harmless(job))}`, ...fields];
}

/** One side of a difference: whole, because two long texts often differ at their ends. */
function side(mark: string, text: string, { width }: Page): readonly string[] {
  const lines = text.split('\n').flatMap((line) => wrap(harmless(line), width, ' '.repeat(8)).split('\n'));
  return lines.map((line, index) => (index === 0 ? `      ${mark} ${line.trimStart()}` : line));
}

/** The lines that jobs take the place of, by job and table. */
function replacedLines({ replaced }: PlanView, page: Page): readonly string[] {
  const { style } = page;
  const groups = Map.groupBy(
    replaced,
    ({ job, target }) => `${style.strong(job)} takes the place of lines in ${target}`,
  );
  return [...groups].flatMap(([head, lines]) => [
    `${style.warn('-')} ${head}`,
    ...lines.flatMap(({ text }) => side(style.bad('-'), text, page)),
  ]);
}

function missingLine({ job, target, text }: MissingLine, page: Page): readonly string[] {
  const words = `${job} is to take the place of a line that is not in ${target}: see that it runs nowhere as well`;
  return [
    `${page.style.warn('!')} ${wrap(words, page.width - 2, '  ').trimStart()}`,
    ...side(page.style.bad('-'), text, page),
  ];
}

/** The lines that nothing takes the place of any more, by job, table and snapshot. */
function outLines({ staysOut }: PlanView, page: Page): readonly string[] {
  const groups = Map.groupBy(staysOut, outWords);
  return [...groups].flatMap(([words, lines]) => [
    `${page.style.warn('!')} ${wrap(words, page.width - 2, '  ').trimStart()}`,
    ...lines.flatMap(({ text }) => side(page.style.bad('-'), text, page)),
  ]);
}

function outWords({ job, target, snapshot }: LineOut): string {
  const words = `${job} had taken the place of lines in ${target}, and they do not come back by themselves`;
  return snapshot === null ? words : `${words}; snapshot ${snapshot} has them (cronwright restore ${snapshot})`;
}

function drifted({ kind, job, wanted, found, line }: Drift, page: Page, verbs: Verbs): readonly string[] {
  const { style } = page;
  const place = line === null ? '' : `line ${line}: `;
  const mended = kind === 'added' || kind === 'duplicated' ? verbs.takesOut : verbs.mends;
  const words = `${place}${whose(job, wanted ?? found ?? '')} ${driftWords[kind]}; ${mended}`;
  return [
    `${style.warn('!')} ${wrap(words, page.width - 2, '  ').trimStart()}`,
    ...(found === null || found === wanted ? [] : side(style.bad('-'), found, page)),
    ...(wanted === null ? [] : side(style.good('+'), wanted, page)),
  ];
}

function whose(job: string | null, line: string): string {
  if (job !== null) return `the line of ${job}`;
  if (line === '') return 'the block';
  return line.endsWith(' tick') ? 'the line of the tick' : 'a line in a block';
}

const driftWords: Readonly<Record<DriftKind, string>> = {
  edited: 'was edited in the table',
  deleted: 'is gone from the table',
  added: 'was not put there by cronwright',
  'commented-out': 'was commented out',
  'moved-out': 'was moved out of the block',
  duplicated: 'is there more than once',
  marker: 'has a damaged marker',
  'block-gone': 'is gone from the table',
  'table-replaced': 'is gone with all that was in the table',
};

function totals(view: PlanView, { width }: Page, verbs: Verbs): string {
  const parts = [
    `${view.add.length} ${verbs.add}`,
    `${view.change.length} ${verbs.change}`,
    `${view.remove.length} ${verbs.remove}`,
    ...(view.moved.length === 0 ? [] : [`${view.moved.length} ${verbs.rename}`]),
    `${view.unchanged.length} unchanged`,
    ...(view.drift.length === 0 ? [] : [`${view.drift.length} ${verbs.mend}`]),
  ];
  const foreign = [
    ...(view.replaced.length === 0 ? [] : [`; ${count(view.replaced.length, 'line')} of others ${verbs.takeOut}`]),
    ...(view.unmanaged === 0 ? [] : [`; ${view.unmanaged} of others left alone`]),
  ];
  return wrap(`${view.target}: ${parts.join(', ')}${foreign.join('')}`, width);
}

/** So many entries of others are shown. */
const mostShown = 10;

function unmanagedLines({ unmanagedEntries }: PlanView, { style, width }: Page): readonly string[] {
  if (unmanagedEntries.length === 0) return [];
  const shown = unmanagedEntries.slice(0, mostShown).map(({ line, text }) => {
    return style.faint(clip(`    ${line}: ${harmless(text)}`, width));
  });
  const rest = unmanagedEntries.length - shown.length;
  const more = rest > 0 ? [style.faint(`    and ${rest} more`)] : [];
  return ['not managed by cronwright; cronwright adopt turns such entries into jobs:', ...shown, ...more];
}
