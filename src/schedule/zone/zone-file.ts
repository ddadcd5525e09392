import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';

// The system's own time zone data, by which its cron and its clocks go: files in the format of RFC 9636, and the two
// variables of the C library that say which of them is meant.

/** The largest of the database has 4 KB. */
const largestFile = 256 * 1024;

/** Steps of letters, digits, `_`, `+` and `-`, each with a capital first: no step leads up or out of the database. */
const zoneName = /^[A-Z][\w+-]*(?:\/[A-Z][\w+-]*){0,3}$/;

/** Where the system has its zones: TZDIR, or where the C library looks without it. */
export function zoneFolder(): string {
  return process.env.TZDIR || '/usr/share/zoneinfo';
}

/** The file of a zone; undefined where the system does not have it, or for a text that is no name of a zone. */
export function readZone(name: string): Buffer | undefined {
  return zoneName.test(name) ? readSmallFile(`${zoneFolder()}/${name}`) : undefined;
}

/** The names of all zones that the system has, in order; none where it has no such data. */
export function zoneFiles(): readonly string[] {
  return names(zoneFolder(), '').toSorted();
}

function names(folder: string, prefix: string): readonly string[] {
  return entries(folder).flatMap((entry) => {
    const name = `${prefix}${entry.name}`;
    if (!zoneName.test(name) || name === 'Factory') return [];
    return entry.isDirectory() ? names(`${folder}/${entry.name}`, `${name}/`) : [name];
  });
}

function entries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** What says which clock the host has. */
export interface HostClock {
  /** The value of TZ without its colon; undefined where it is not set. */
  readonly text: string | undefined;
  /** The file that has its changes, if there is one of that name. */
  readonly path: string;
  /** Differs once any of it does. */
  readonly sign: string;
}

/** As localtime(3) goes about it: TZ, which is a name, a path or a rule, and /etc/localtime without it. */
export function hostClock(): HostClock {
  const text = process.env.TZ?.replace(/^:/, '');
  const path = text === undefined ? '/etc/localtime' : pathOf(text);
  const stat = statSync(path, { throwIfNoEntry: false });
  return { text, path, sign: `${text} ${path} ${stat?.ino} ${stat?.mtimeMs}` };
}

function pathOf(text: string): string {
  return text.startsWith('/') ? text : `${zoneFolder()}/${zoneName.test(text) ? text : ''}`;
}

/**
 * The name of the zone of a host's clock, by TZ or where the link of its file leads; Debian writes the name down as well,
 * which may be that of an earlier zone. Undefined for a file without a name.
 */
export function hostZoneName({ text, path }: HostClock): string | undefined {
  if (text !== undefined && !text.startsWith('/')) return text;
  const [, linked = ''] = /zoneinfo\/(.*)$/.exec(linkTarget(path)) ?? [];
  if (zoneName.test(linked)) return linked;
  const noted = readSmallFile('/etc/timezone')?.toString('latin1').trim() ?? '';
  const bytes = readSmallFile(path);
  return bytes !== undefined && readZone(noted)?.equals(bytes) ? noted : undefined;
}

function linkTarget(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return path;
  }
}

/** Undefined where it cannot be read, is no file, or is too large for one of a zone. */
export function readSmallFile(path: string): Buffer | undefined {
  try {
    const stat = statSync(path);
    return stat.isFile() && stat.size <= largestFile ? readFileSync(path) : undefined;
  } catch {
    return undefined;
  }
}
