import { importTable } from '../../crontab/import/import.ts';
import { numbered } from '../../crontab/import/name.ts';
import { type Account, accountOf } from '../../job/account.ts';
import type { JobName, Replaced } from '../../job/job.ts';
import type { GrowingFile } from './jobs-file.ts';
import { type Obstructed, type Proposal, type Proposing, propose } from './proposal.ts';
import type { Home, SourceTable } from './source.ts';
import { withoutTorn } from './twins.ts';

/** What `adopt` finds in tables. */
export interface Survey {
  readonly proposals: readonly Proposal[];
  readonly obstructed: readonly Obstructed[];
  /** How many entries are named under `replaces:` of the file already. */
  readonly adopted: number;
}

/** What the entries of tables are to become part of. */
export interface Surveying {
  readonly file: GrowingFile;
  readonly home: Home;
  /** Names that jobs cannot have, beside those of the file. */
  readonly taken: readonly string[];
  readonly unwrap: boolean;
}

/** Reads the entries of tables and proposes a job for each that no job of the file takes the place of yet. */
export function surveyTables(sources: readonly SourceTable[], { file, home, taken, unwrap }: Surveying): Survey {
  const proposing: Proposing = {
    home,
    file,
    unwrap,
    accountOf: knownAccounts(),
    nameFor: freeNames([...file.jobs.map(({ name }) => name), ...taken]),
  };
  const isAdopted = adoptedEntries(file.replaces, home);
  const read = sources.flatMap((source) => entriesOf(source, home).map((entry) => ({ source, entry })));
  const left = read.filter(({ source, entry }) => !isAdopted(source, entry.text));
  const judged = withoutTorn(
    left.map(({ source, entry }): Proposal | Obstructed => {
      if (entry.kind === 'adoptable') return propose(source, entry, proposing);
      const { line, text, obstacle, remedy } = entry;
      return { source, line, text, obstacle, remedy };
    }),
  );
  return {
    proposals: judged.filter((one) => 'job' in one),
    obstructed: judged.filter((one) => 'obstacle' in one),
    adopted: read.length - left.length,
  };
}

function entriesOf({ bytes, cron, system, owner }: SourceTable, { outer }: Home) {
  return importTable(bytes, { cron, system, owner, outer }).entries;
}

/** Each is asked for once: a program answers, and a table may have thousands of entries. */
function knownAccounts(): (user: string) => Account | undefined {
  const known = new Map<string, Account | undefined>();
  return (user) => {
    if (!known.has(user)) known.set(user, accountOf(user));
    return known.get(user);
  };
}

/** Each line under `replaces:` stands for one entry, where the same line is there twice. */
function adoptedEntries(replaces: readonly Replaced[], home: Home): (source: SourceTable, text: string) => boolean {
  const counts = new Map<string, number>();
  const keyOf = (table: string | undefined, text: string) => `${table}\n${text.replace(/\r$/, '')}`;
  for (const { table, lines } of replaces) {
    const key = keyOf(table === '' ? home.table : table, lines.at(-1) ?? '');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return ({ name }, text) => {
    const key = keyOf(name, text);
    const left = counts.get(key) ?? 0;
    if (left > 0) counts.set(key, left - 1);
    return left > 0;
  };
}

/** Gives each name once: with a number behind it where it is taken. */
function freeNames(names: readonly string[]): (proposed: string) => JobName {
  const taken = new Set(names);
  return (proposed) => {
    let name = proposed;
    for (let number = 2; taken.has(name); number++) name = numbered(proposed, number);
    taken.add(name);
    return name as JobName;
  };
}
