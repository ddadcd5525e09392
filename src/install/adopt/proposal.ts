import type { AdoptableEntry, Offer } from '../../crontab/import/import.ts';
import type { Account } from '../../job/account.ts';
import { undisturbed } from '../../job/edit/undisturbed.ts';
import type { JobEntryText } from '../../job/edit/with-jobs.ts';
import type { JobName } from '../../job/job.ts';
import type { JobEntry } from '../../job/shape.ts';
import type { GrowingFile } from './jobs-file.ts';
import type { Home, SourceTable } from './source.ts';

/** An entry of a table and the job that it could become. */
export interface Proposal {
  readonly source: SourceTable;
  readonly entry: AdoptableEntry;
  readonly job: JobEntryText;
  /** What is to be known before it is adopted, each a sentence without a full stop. */
  readonly notes: readonly string[];
}

/** An entry that cannot become a job here. */
export interface Obstructed {
  readonly source: SourceTable;
  /** 1-based. */
  readonly line: number;
  readonly text: string;
  readonly obstacle: string;
  readonly remedy: string | undefined;
}

/** What a job is made for. */
export interface Proposing {
  readonly home: Home;
  readonly file: GrowingFile;
  /** The account of a name, which is not to be asked for again for each entry. */
  readonly accountOf: (user: string) => Account | undefined;
  /** A name that is free, from the one that is proposed. */
  readonly nameFor: (proposed: string) => JobName;
  /** Whether settings take the place of flock(1) and timeout(1). */
  readonly unwrap: boolean;
}

/** The job that an entry becomes, or why it cannot. */
export function propose(source: SourceTable, entry: AdoptableEntry, proposing: Proposing): Proposal | Obstructed {
  const { home, file, accountOf, nameFor, unwrap } = proposing;
  const obstructed = (obstacle: string, remedy?: string): Obstructed => {
    return { source, line: entry.line, text: entry.text, obstacle, remedy };
  };
  if (entry.lines.some((line) => line.includes('\uFFFD'))) {
    return obstructed('it is no UTF-8 text, and replaces: could not name it', 'write the line in UTF-8');
  }
  const account = accountOf(entry.draft.user);
  if (account === undefined) return obstructed(`there is no account ${entry.draft.user}`);
  const foreign = foreignTo(home, source, account.user);
  if (foreign !== undefined) return obstructed(foreign, 'adopt it as root');
  const otherwise = { home: account.home, account: account.user, zone: home.zone };
  const told = undisturbed(entryOf(source, entry, { home, unwrap }), file.said, otherwise);
  if (told.obstacle !== undefined) return obstructed(told.obstacle, 'say it of the jobs that it is meant for');
  const notes = [...entry.notes, ...told.notes, ...mailNotes(entry, file)];
  const comments = unwrap ? [] : entry.offers.map(offerWords);
  return { source, entry, job: { name: nameFor(entry.draft.name), comments, entry: told.entry }, notes };
}

/** Only root's jobs may run as somebody else, and only root may take lines out of the tables of others. */
function foreignTo({ account, table }: Home, source: SourceTable, user: string): string | undefined {
  if (account === 'root') return undefined;
  if (user !== account) return `it runs as ${user}, and a job of ${account} cannot`;
  const others = source.system || source.name.startsWith('user:');
  return others && source.name !== table ? `only root may take lines out of ${source.name}` : undefined;
}

function mailNotes({ draft }: AdoptableEntry, { mails }: GrowingFile): readonly string[] {
  if (mails || draft.notifyTo === undefined || draft.notifyTo === 'nobody') return [];
  return [`MAILTO names ${draft.notifyTo.join(', ')}, who are told only once the jobs file has mail:`];
}

/** What replaces an offer's wrapper, in words. */
export function offerWords({ found, settings }: Offer): string {
  const said = Object.entries(settings).map(([key, value]) => `${key}: ${value}`);
  return `${said.join(' and ')} can take the place of: ${found}`;
}

function entryOf(
  source: SourceTable,
  { draft, lines, offers }: AdoptableEntry,
  { home, unwrap }: Pick<Proposing, 'home' | 'unwrap'>,
): JobEntry {
  const taken = unwrap ? offers : [];
  const settings = Object.assign({}, ...taken.map((offer) => offer.settings)) as Offer['settings'];
  const command = taken.at(-1)?.command ?? draft.command;
  const { notifyTo } = draft;
  return {
    ...(draft.description === '' ? {} : { description: draft.description }),
    schedule: draft.schedule,
    ...(draft.timezone === '' ? {} : { timezone: draft.timezone }),
    command: typeof command === 'string' ? command : [...command],
    ...(Object.keys(draft.env).length === 0 ? {} : { env: { ...draft.env } }),
    ...(draft.stdin === '' ? {} : { stdin: draft.stdin }),
    ...(draft.user === home.account ? {} : { user: draft.user }),
    overlap: draft.overlap,
    ...settings,
    ...(notifyTo === undefined ? {} : { notify: notifyTo === 'nobody' ? { on: [] } : { to: [...notifyTo] } }),
    replaces: replacesOf(source, lines, home),
  };
}

/** The table is named only where it is not the one that the jobs are installed in. */
function replacesOf(
  { name }: SourceTable,
  lines: readonly string[],
  { table }: Home,
): NonNullable<JobEntry['replaces']> {
  const line = lines.map((one) => one.replace(/\r$/, '')).join('\n');
  return name === table ? line : { table: name, line };
}
