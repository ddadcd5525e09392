import { UserError } from '../errors.ts';
import { readable } from './block.ts';

/** What a write takes for granted. */
export interface WriteOptions {
  /** The table that the new one was made from; anything else in its place stops the write with a {@link TableChanged}. */
  readonly expected: Buffer;
  /** Nothing may take the place of something. */
  readonly allowEmpty?: boolean | undefined;
  /** When it was written last as far as the caller knows, UTC milliseconds: not every table shows that itself. */
  readonly lastWrite?: number | undefined;
}

/** A crontab: bytes that can be read, and replaced as a whole. Failures are UserErrors; nothing is ever written in part. */
export interface Table {
  /** Names it in messages, and in the registry. */
  readonly label: string;
  /** Its lines name an account between time and command, as those of /etc/crontab and /etc/cron.d do (crontab(5)). */
  readonly system: boolean;
  /** Exactly what is stored; empty where there is no table. */
  read(): Promise<Buffer>;
  /** Waits until the next second where the table was changed in this one: crons compare times of change in seconds. */
  write(next: Buffer, options: WriteOptions): Promise<void>;
}

/** A table is another than the one that was read: who read it may read it again. Nothing was written. */
export class TableChanged extends UserError {}

/**
 * Stops a write that would harm: over a table that has changed meanwhile, and of nothing over something.
 * @throws TableChanged
 * @throws UserError
 */
export function checkWrite(label: string, current: Buffer, next: Buffer, { expected, allowEmpty }: WriteOptions): void {
  if (!current.equals(expected)) {
    const change = differenceOf(expected, current);
    throw new TableChanged(
      `the table of target ${label} has changed since it was read, ${change}; nothing was written`,
      'try again',
    );
  }
  if (next.length > 0 || current.length === 0 || allowEmpty === true) return;
  throw new UserError(
    `an empty table would take the place of ${countLines(current)} lines of target ${label}; nothing was written`,
  );
}

function countLines(table: Buffer): number {
  return table.toString('latin1').split('\n').length - (table.at(-1) === 0x0a ? 1 : 0);
}

/** The first line in which two tables differ, with its number. */
export function differenceOf(before: Buffer, after: Buffer): string {
  const [old, now] = [before, after].map((table) => table.toString('latin1').split('\n')) as [string[], string[]];
  const index = old.findIndex((line, at) => line !== now[at]);
  const line = index === -1 ? old.length : index;
  return `first in line ${line + 1}: ${shown(old[line])} was expected, ${shown(now[line])} was found`;
}

function shown(line: string | undefined): string {
  if (line === undefined) return 'nothing';
  const text = readable(line);
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
