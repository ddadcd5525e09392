import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { errorCode, errorMessage, UserError } from '../errors.ts';
import type { Breach } from './breach.ts';
import { mergedSpans } from './date-spans.ts';
import { digestOf } from './digest.ts';
import { datesOfCalendar } from './ical.ts';
import type { DateSpan } from './job.ts';
import type { Finding } from './problem.ts';
import { type FileData, sayings } from './rule.ts';
import type { Defaults } from './shape.ts';
import type { Path } from './tree.ts';

type Except = Defaults['except'];

/** Some thousands of holidays are a tenth of this. */
const largestFile = 10 * 1024 * 1024;

/** What a calendar file holds, or why it cannot be taken. */
interface CalendarFile {
  readonly dates: readonly DateSpan[];
  readonly finding: Finding | undefined;
  /** Of its bytes; undefined where it cannot be read. */
  readonly digest: string | undefined;
}

/** A calendar file as a jobs file names it. */
export interface NamedCalendar {
  /** The way to its name in the jobs file. */
  readonly path: Path;
  readonly name: string;
  /** That of the jobs file. */
  readonly folder: string;
}

/** How far a calendar file goes. */
export interface CalendarEnd extends NamedCalendar {
  /** Its last date, `2026-12-26`. */
  readonly last: string;
}

/** The calendar files that jobs name under `except:`. Each is read once, whoever names it. */
export class CalendarFiles {
  readonly #read = new Map<string, CalendarFile>();
  /** By what is said, which many jobs share. */
  readonly #spans = new Map<Except, readonly DateSpan[]>();

  /** The absolute paths of the files that were read, or could not be, with the digests of what was read. */
  contents(): readonly (readonly [path: string, digest: string | undefined])[] {
    return Array.from(this.#read, ([path, { digest }]) => [path, digest]);
  }

  /** What is wrong with files that are named, each at the place of its name. */
  breaches(files: readonly NamedCalendar[]): readonly Breach[] {
    return files.flatMap(({ path, name, folder }): readonly Breach[] => {
      const { finding } = this.#file(name, folder);
      return finding ? [{ path, part: 'value', finding }] : [];
    });
  }

  /** The last dates of files that are named, of those that have any. */
  ends(files: readonly NamedCalendar[]): readonly CalendarEnd[] {
    return files.flatMap((file) => {
      const last = this.#file(file.name, file.folder).dates.at(-1);
      return last ? [{ ...file, last: last.to }] : [];
    });
  }

  /** The dates that are meant, in their order, none overlapping another. */
  spansOf(except: Except, folder: string): readonly DateSpan[] {
    const known = this.#spans.get(except);
    if (known !== undefined) return known;
    const spans = mergedSpans(
      entries(except).flatMap((entry) =>
        typeof entry === 'string' ? [writtenSpan(entry)] : this.#file(entry.file, folder).dates,
      ),
    );
    this.#spans.set(except, spans);
    return spans;
  }

  #file(name: string, folder: string): CalendarFile {
    const path = resolve(folder, name);
    const file = this.#read.get(path) ?? readCalendarFile(path);
    this.#read.set(path, file);
    return file;
  }
}

/** What is said with the paths of its files made absolute, as one file inherits it from another. */
export function absoluteExcept(except: Except, folder: string): Except {
  if (except === undefined || typeof except === 'string') return except;
  const absolute = <T>(entry: T): T => (isFile(entry) ? { ...entry, file: resolve(folder, entry.file) } : entry);
  return Array.isArray(except) ? except.map(absolute) : absolute(except);
}

type Entry = string | { readonly file: string };

function isFile(entry: unknown): entry is Exclude<Entry, string> {
  return typeof entry === 'object';
}

function entries(except: Except): readonly Entry[] {
  if (except === undefined) return [];
  return Array.isArray(except) ? except : [except];
}

/** The calendar files that a jobs file names. */
export function calendarsIn(file: FileData, folder: string): readonly NamedCalendar[] {
  return sayings(file).flatMap(({ path, said: { except } }) =>
    entries(except).flatMap((entry, index) => {
      if (!isFile(entry)) return [];
      const within = Array.isArray(except) ? [index, 'file'] : ['file'];
      return [{ path: [...path, 'except', ...within], name: entry.file, folder }];
    }),
  );
}

/** `2026-12-24`, or `2026-12-24 to 2027-01-02`. */
function writtenSpan(text: string): DateSpan {
  const [from = '', to = from] = text.split(' to ');
  return { from, to, name: '' };
}

function readCalendarFile(path: string): CalendarFile {
  try {
    const bytes = readBytes(path);
    const dates = datesOfCalendar(decode(bytes));
    return { dates, finding: dates.length > 0 ? undefined : emptyFinding(path), digest: digestOf(bytes) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const message = `cannot take the dates of ${path}: ${error.message}`;
    const finding = { severity: 'error', code: 'calendar-file', message, hint: error.hint } as const;
    return { dates: [], finding, digest: undefined };
  }
}

function emptyFinding(path: string): Finding {
  const message = `found no event in ${path}, and so no day is left out`;
  return { severity: 'warning', code: 'calendar-empty', message, hint: 'is this the calendar of holidays?' };
}

function readBytes(path: string): Buffer {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) throw new UserError('it is not a file', 'name an iCalendar file');
    if (stat.size > largestFile) {
      throw new UserError(`it has ${Math.ceil(stat.size / 2 ** 20)} MiB, expected at most 10 MiB`);
    }
    return readFileSync(path);
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (errorCode(error) !== 'ENOENT') throw new UserError(errorMessage(error));
    throw new UserError('there is no such file', 'paths are relative to the file that names them');
  }
}

/** RFC 5545 asks for UTF-8; older programs on Windows wrote their own code page. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
