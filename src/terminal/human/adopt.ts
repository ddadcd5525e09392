import { clip, harmless, wrap } from '../layout.ts';
import { count, type Page } from '../page.ts';
import type { AdoptedJobView, AdoptView, ObstructedView } from '../table-views.ts';

/**
 * Each entry with the job it becomes, what is to be known of it, what cannot be adopted and why, and the totals. What is to
 * be known of several jobs is said once.
 */
export function adoption(view: AdoptView, page: Page): string {
  const shared = sharedNotes(view);
  const blocks = [
    ...view.jobs.map((job) => adopted({ ...job, notes: job.notes.filter((note) => !shared.has(note)) }, page)),
    ...view.obstructed.map((entry) => obstructed(entry, page)),
    ...[...shared].map(([note, jobs]) => sharedNote(note, jobs, page)),
  ];
  return [...blocks.flatMap((lines) => [...lines, '']), totals(view, page)].join('\n');
}

/** The notes that more than one job has, with those jobs. */
function sharedNotes({ jobs }: AdoptView): ReadonlyMap<string, readonly string[]> {
  const all = jobs.flatMap(({ job, notes }) => [...new Set(notes)].map((note) => ({ job, note })));
  const byNote = Map.groupBy(all, ({ note }) => note);
  return new Map([...byNote].flatMap(([note, of]) => (of.length < 2 ? [] : [[note, of.map(({ job }) => job)]])));
}

function sharedNote(note: string, jobs: readonly string[], page: Page): readonly string[] {
  const [first = '', ...rest] = wrap(`note  ${jobs.join(', ')}`, page.width - 6).split('\n');
  const head = `${page.style.warn('note')}${first.slice('note'.length)}`;
  return [head, ...rest.map((line) => `      ${line}`), ...sentence('', note, page)];
}

function adopted(job: AdoptedJobView, page: Page): readonly string[] {
  const { style, width } = page;
  return [
    `${style.good('+')} ${style.strong(job.job)}  ${clip(harmless(job.words), Math.max(8, width - job.job.length - 4))}`,
    ...sentence(`${job.table}:${job.line}`, job.entry, page),
    ...(job.spec.user === undefined ? [] : [`    runs as ${job.user}`]),
    ...(job.offers.some(({ taken }) => taken) ? sentence('as', commandText(job), page) : []),
    ...job.notes.flatMap((note) => sentence('note', note, page, style.warn)),
    ...job.offers.flatMap(({ found, settings, taken }) => {
      const said = Object.entries(settings).map(([key, value]) => `${key}: ${value}`);
      const words = taken ? 'takes the place of' : 'can take the place of';
      return sentence('offer', `${said.join(' and ')} ${words} ${found}`, page, style.good);
    }),
  ];
}

function commandText({ command }: AdoptedJobView): string {
  return typeof command === 'string' ? command : JSON.stringify(command);
}

function obstructed({ table, line, entry, obstacle, remedy }: ObstructedView, page: Page): readonly string[] {
  const { style } = page;
  return [
    `${style.bad('!')} ${style.strong(`${table}:${line}`)} stays as it is`,
    ...sentence('', entry, page),
    ...sentence('why', obstacle, page, style.bad),
    ...(remedy === null ? [] : sentence('→', remedy, page)),
  ];
}

/** A sentence below an entry, behind a word that says what it is. */
function sentence(mark: string, text: string, { width }: Page, paint = asItIs): readonly string[] {
  // A tab would take more room than its one character.
  const plain = harmless(text).replace(/[\n\t]/g, ' ');
  const [first = '', ...rest] = wrap(mark === '' ? plain : `${mark}  ${plain}`, width - 6).split('\n');
  return [`    ${paint(mark)}${first.slice(mark.length)}`, ...rest.map((line) => `      ${line}`)];
}

function asItIs(text: string): string {
  return text;
}

function totals(view: AdoptView, { width }: Page): string {
  const verb = view.written ? 'written' : 'to adopt';
  const parts = [
    `${count(view.jobs.length, 'job')} ${verb}`,
    ...(view.obstructed.length === 0 ? [] : [`${view.obstructed.length} cannot be adopted`]),
    ...(view.adopted === 0 ? [] : [`${view.adopted} adopted already`]),
    ...(view.leftOut === 0 ? [] : [`${view.leftOut} not asked for`]),
  ];
  return wrap(`${view.tables.join(', ')}: ${parts.join(', ')}`, width);
}
