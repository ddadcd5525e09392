import { importEntry, mostVariables, type Reading } from './import-entry.ts';
import type { Imported, ImportedEntry, ImportSource } from './imported.ts';
import { managedLines } from './managers.ts';
import { distinctNames } from './name.ts';
import type { Variables } from './surroundings.ts';
import { type TableLine, tableLines } from './table-lines.ts';

export type * from './imported.ts';

/**
 * Reads a table and says of each entry by which job it could be replaced without loss. Entries within cronwright's own
 * blocks are left out.
 * @throws UserError when the markers of those blocks are damaged, so that what is foreign is unknown.
 */
export function importTable(table: Buffer, source: ImportSource): Imported {
  const lines = tableLines(table, source.cron);
  const above = variablesAbove(lines, source);
  const reading: Reading = {
    lines,
    source,
    outer: new Set(source.outer ?? lines.flatMap(({ variable }) => variable?.name ?? [])),
    sharedLocks: sharedLocks(lines),
    managed: managedLines(lines),
  };
  const entries = lines.flatMap((line) => {
    const variables = above.get(line);
    return variables === undefined ? [] : [importEntry(line, variables, reading)];
  });
  return { entries: withDistinctNames(withRefusal(entries, source)) };
}

/** The variables in force at each foreign entry: a line sets one for all entries below it, those in blocks included. */
function variablesAbove(lines: readonly TableLine[], { cron }: ImportSource): ReadonlyMap<TableLine, Variables> {
  const found = new Map<TableLine, Variables>();
  let variables = new Map<string, string>();
  let isTaken = false;
  for (const line of lines) {
    const { variable } = line;
    if (line.kind === 'entry' && !line.ours) {
      found.set(line, variables);
      isTaken = true;
    }
    if (variable === undefined || (cron.variables !== 'all' && !cron.variables.includes(variable.name))) continue;
    // More make an obstacle of every entry below, whatever they are.
    if (variables.size > mostVariables) continue;
    if (isTaken) variables = new Map(variables);
    isTaken = false;
    variables.set(variable.name, variable.value);
  }
  return found;
}

/** `flock` and the first path behind it. It stops at the next `flock`, or a line of nothing else would take for ever. */
const lockNamed = /\bflock\b(?:(?!\bflock\b).)*?[ \t]["']?([^\s"']*\/[^\s"']+)/g;

/** The lock files that are named in more than one entry, in whatever way. */
function sharedLocks(lines: readonly TableLine[]): ReadonlySet<string> {
  const [seen, shared] = [new Set<string>(), new Set<string>()];
  for (const { text = '' } of lines.filter(({ kind, ours }) => kind === 'entry' && !ours)) {
    const files = [...text.matchAll(lockNamed)].map(([, file = '']) => file);
    for (const file of new Set(files)) (seen.has(file) ? shared : seen).add(file);
  }
  return shared;
}

/** Where one line makes a cron read nothing of a table, a job begins what does not run at present. */
function withRefusal(entries: readonly ImportedEntry[], { cron }: ImportSource): readonly ImportedEntry[] {
  const refused = entries.find((entry) => entry.kind === 'obstructed' && entry.refused);
  if (refused === undefined || cron.badLine !== 'refused') return entries;
  const note = `it does not run at present: ${cron.title} reads nothing of a table with a line such as line ${refused.line}`;
  return entries.map((entry) => (entry.kind === 'adoptable' ? { ...entry, notes: [note, ...entry.notes] } : entry));
}

function withDistinctNames(entries: readonly ImportedEntry[]): readonly ImportedEntry[] {
  const adoptable = entries.filter((entry) => entry.kind === 'adoptable');
  const names = distinctNames(adoptable.map(({ draft: { name }, line }) => ({ name, line })));
  const nameOf = new Map(adoptable.map((entry, index) => [entry, names[index] ?? '']));
  return entries.map((entry) => {
    const name = entry.kind === 'adoptable' ? nameOf.get(entry) : undefined;
    return entry.kind === 'adoptable' && name !== undefined ? { ...entry, draft: { ...entry.draft, name } } : entry;
  });
}
