/**
 * Debian's cron, written anew after its load_user(), load_env(), load_entry() and child_process(): what it starts, when,
 * and with what. It reads the bytes of a table one by one and shares nothing with what it is held against.
 */

/** What cron starts at one minute. */
export interface Started {
  readonly shell: string;
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
  /** Undefined for an empty pipe. */
  readonly stdin: string;
  readonly user: string;
}

export interface CronEntry extends Started {
  /** Of the table, 1-based. */
  readonly line: number;
  readonly reboot: boolean;
  /** Whether it is due in a minute of the clock on the wall, given as UTC. */
  isDue(wall: Date): boolean;
  /** By field, whether each value is named. */
  readonly sets: readonly (readonly boolean[])[];
  isDay(wall: Date): boolean;
}

/** What the table does not say. */
export interface CronHost {
  /** Its lines name an account. */
  readonly system: boolean;
  readonly owner: string;
  homeOf(user: string): string;
}

export interface CronTable {
  readonly entries: readonly CronEntry[];
  /** What stands in the environment of an entry that would follow the last line. */
  readonly end: ReadonlyMap<string, string>;
  /** The lines that cron takes for no line of a crontab. */
  readonly refused: readonly number[];
}

export function readCronTable(table: Buffer, options: CronHost): CronTable {
  const entries: CronEntry[] = [];
  const refused: number[] = [];
  let env = new Map<string, string>();
  for (const [index, line] of table.toString('latin1').split('\n').entries()) {
    const text = line.replace(/^[ \t]*/, '');
    if (text === '' || text.startsWith('#')) continue;
    const variable = loadEnv(text.slice(0, 998));
    if (variable !== undefined) {
      env = new Map(env).set(variable[0], variable[1]);
      continue;
    }
    const entry = loadEntry(text, env, options);
    if (entry === undefined) refused.push(index + 1);
    else entries.push({ line: index + 1, ...entry });
  }
  return { entries, end: env, refused };
}

/** Either side in quotes or bare, the value not empty unless in quotes. `\s` would take bytes of UTF-8 for blanks. */
const assignment =
  /^(?:"([^"=]*)"|'([^'=]*)'|(?!["'])([^ \t\v\f\r=]*))[ \t\v\f\r]*=[ \t\v\f\r]*(?:"([^"]*)"[ \t\v\f\r]*|'([^']*)'[ \t\v\f\r]*|([^"' \t\v\f\r](?:.*[^ \t\v\f\r])?)[ \t\v\f\r]*)$/s;

function loadEnv(text: string): [name: string, value: string] | undefined {
  const match = assignment.exec(text);
  if (match === null) return undefined;
  const value = match[4] ?? match[5] ?? match[6] ?? '';
  // Blanks at the end go even where they stand within quotes: seen of 3.0pl1-162.
  return [match[1] ?? match[2] ?? match[3] ?? '', value.replace(/[ \t\v\f\r]+$/, '')];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const fields = [
  { low: 0, high: 59, names: [] as string[] },
  { low: 0, high: 23, names: [] as string[] },
  { low: 1, high: 31, names: [] as string[] },
  { low: 1, high: 12, names: months },
  { low: 0, high: 7, names: days },
];
const nicknames: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

function loadEntry(
  text: string,
  above: ReadonlyMap<string, string>,
  { system, owner, homeOf }: CronHost,
): Omit<CronEntry, 'line'> | undefined {
  const cursor = new Cursor(text);
  const reboot = /^@reboot(?:[ \t]|$)/.test(text);
  const words = timesAt(cursor);
  const sets = words?.map(getList) ?? [undefined];
  const user = system ? cursor.word() : owner;
  if (words === undefined || sets.includes(undefined) || user === '') return undefined;
  const [minute, hour] = sets as boolean[][];
  const isDay = dayCheck(words, sets as boolean[][]);
  const isTime = (wall: Date) => minute?.[wall.getUTCMinutes()] === true && hour?.[wall.getUTCHours()] === true;
  return {
    ...childProcess(cursor.rest, { user, home: homeOf(user) }, above),
    reboot,
    sets: sets as boolean[][],
    isDay,
    isDue: (wall) => !reboot && isTime(wall) && isDay(wall),
  };
}

function timesAt(cursor: Cursor): readonly string[] | undefined {
  const first = cursor.word();
  if (first === '@reboot') return '0 0 1 1 *'.split(' ');
  if (first.startsWith('@')) return nicknames[first]?.split(' ');
  return [first, cursor.word(), cursor.word(), cursor.word(), cursor.word()];
}

function dayCheck(words: readonly string[], [, , date = [], month = [], weekday = []]: readonly boolean[][]) {
  const both = words[2]?.startsWith('*') === true || words[4]?.startsWith('*') === true;
  return (wall: Date): boolean => {
    const day = wall.getUTCDay();
    const inMonth = date[wall.getUTCDate()] === true;
    const inWeek = weekday[day] === true || (day === 0 && weekday[7] === true);
    return month[wall.getUTCMonth() + 1] === true && (both ? inMonth && inWeek : inMonth || inWeek);
  };
}

/** Takes a text from its front. */
class Cursor {
  rest: string;

  constructor(text: string) {
    this.rest = text;
  }

  /** What matches there, which may be nothing. */
  take(pattern: RegExp): string {
    const found = pattern.exec(this.rest)?.[0] ?? '';
    this.rest = this.rest.slice(found.length);
    return found;
  }

  /** The word up to the next blank, and the blanks. */
  word(): string {
    const word = this.take(/^[^ \t]*/);
    this.take(/^[ \t]*/);
    return word;
  }

  number(offset: number, names: readonly string[]): number | undefined {
    const word = this.take(/^[A-Za-z0-9]*/);
    const index = names.indexOf(word.toLowerCase());
    if (index >= 0) return index + offset;
    return /^\d+$/.test(word) ? Number(word) : undefined;
  }
}

function getList(text: string, field: number): boolean[] | undefined {
  const { low, high } = fields[field] as (typeof fields)[number];
  const set: boolean[] = Array(high + 1).fill(false);
  const cursor = new Cursor(text);
  do {
    const range = getRange(cursor, field);
    if (range === undefined) return undefined;
    for (let value = range.first; value <= range.last; value += range.step) {
      if (value < low || value > high) return undefined;
      set[value] = true;
    }
    // Whatever follows up to the next blank is skipped, unless it is a comma.
  } while (cursor.take(/^,/) !== '');
  return set;
}

function getRange(cursor: Cursor, field: number) {
  const { low, high, names } = fields[field] as (typeof fields)[number];
  const star = cursor.take(/^\*/) !== '';
  const first = star ? low : cursor.number(low, names);
  if (first === undefined || (!star && cursor.rest.startsWith('/'))) return undefined;
  const range = !star && cursor.take(/^-/) !== '';
  if (!(star || range)) return { first, last: first, step: 1 };
  const last = star ? high : cursor.number(low, names);
  const step = cursor.take(/^\//) === '' ? 1 : cursor.number(0, []);
  return last === undefined || step === undefined || step === 0 ? undefined : { first, last, step };
}

function childProcess(
  text: string,
  { user, home }: { readonly user: string; readonly home: string },
  above: ReadonlyMap<string, string>,
): Started {
  const env: Record<string, string> = { PATH: '/usr/bin:/bin', SHELL: '/bin/sh', HOME: home };
  for (const [name, value] of above) env[name] = utf8(value);
  env.LOGNAME = user;
  let command = '';
  let at = 0;
  let escaped = false;
  for (; at < text.length; at++) {
    const c = text[at] as string;
    if (escaped) {
      command = c === '%' || c === '\\' ? command.slice(0, -1) + c : command + c;
      escaped = false;
    } else if (c === '%') {
      at++;
      break;
    } else {
      command += c;
      escaped = c === '\\';
    }
  }
  return {
    shell: env.SHELL as string,
    command: utf8(command),
    env: named(env),
    stdin: utf8(fed(text.slice(at))),
    user,
  };
}

/** execve(2) takes a variable without a name, and no program sees it. */
function named(env: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (name === '' ? [] : [[utf8(name), value]])));
}

function fed(text: string): string {
  let out = '';
  let escaped = false;
  for (const c of text) {
    if (escaped && c !== '%') out += '\\';
    const put = !escaped && c === '%' ? '\n' : c;
    escaped = c === '\\';
    if (!escaped) out += put;
  }
  if (escaped) out += '\\';
  return out === '' || out.endsWith('\n') ? out : `${out}\n`;
}

function utf8(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString();
}
