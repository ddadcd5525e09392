import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CronName } from '../../../src/crontab/cron/cron.ts';
import { crons } from '../../../src/crontab/cron/crons.ts';
import {
  type AdoptableEntry,
  type ImportedEntry,
  type ImportSource,
  importTable,
  type ObstructedEntry,
} from '../../../src/crontab/import/import.ts';

/** The entries of a table of root's. */
export function entriesOf(
  table: string | Buffer,
  { cron = 'debian', ...source }: Partial<Omit<ImportSource, 'cron'>> & { readonly cron?: CronName } = {},
): readonly ImportedEntry[] {
  const bytes = typeof table === 'string' ? Buffer.from(table) : table;
  return importTable(bytes, { cron: crons[cron], system: false, owner: 'root', ...source }).entries;
}

export function fixture(name: string): Buffer {
  return readFileSync(join(import.meta.dirname, '../../fixtures/crontabs', `${name}.crontab`));
}

export function adoptable(entry: ImportedEntry | undefined): AdoptableEntry {
  if (entry?.kind !== 'adoptable') throw new Error(`found ${JSON.stringify(entry)}, expected a job`);
  return entry;
}

export function obstructed(entry: ImportedEntry | undefined): ObstructedEntry {
  if (entry?.kind !== 'obstructed') throw new Error(`found ${JSON.stringify(entry)}, expected an obstacle`);
  return entry;
}

/** The job that one entry becomes. */
export function draftOf(line: string, source: Parameters<typeof entriesOf>[1] = {}) {
  return adoptable(entriesOf(`${line}\n`, source).at(-1)).draft;
}
