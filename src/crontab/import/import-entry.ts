import type { Cron } from '../cron/cron.ts';
import { describe } from './comments.ts';
import { readEntry } from './entry.ts';
import type { ImportedEntry, ImportSource, JobDraft } from './imported.ts';
import { recipientsOf } from './mail.ts';
import { proposedName } from './name.ts';
import { isObstacle, type Obstacle } from './obstacle.ts';
import { offersFor } from './offers.ts';
import { type Fed, readPercents } from './percent.ts';
import { commandIn, type Surroundings, surroundingsOf, type Variables } from './surroundings.ts';
import { decoded, type TableLine } from './table-lines.ts';
import { readTimes } from './times.ts';
import { zoneOf } from './zone.ts';

/** What is the same for all entries of a table. */
export interface Reading {
  readonly lines: readonly TableLine[];
  readonly source: ImportSource;
  /** Variables that stand above the job's line once it is installed. */
  readonly outer: ReadonlySet<string>;
  readonly sharedLocks: ReadonlySet<string>;
  /** Programs that write lines of their own, by those lines. */
  readonly managed: ReadonlyMap<TableLine, string>;
}

/** What an entry says, decoded and sound. */
interface Sound {
  readonly times: readonly string[];
  readonly user: string;
  readonly command: string;
  readonly stdin: string;
  readonly unlogged: boolean;
}

/** One entry, with the variables that are in force there. Its name is a proposal that others may have too. */
export function importEntry(line: TableLine, variables: Variables, reading: Reading): ImportedEntry {
  const place = { line: line.number, text: line.text ?? Buffer.from(line.bytes, 'latin1').toString() };
  const sound = soundEntry(line, reading.source);
  const read = isObstacle(sound) ? sound : draftOf(sound, variables, reading);
  if (isObstacle(read)) return { kind: 'obstructed', ...place, ...obstructed(read) };
  const { description, own } = describe(reading.lines, line);
  const manager = reading.managed.get(line);
  const managed = manager === undefined ? [] : [`${manager} wrote it, and would write it again`];
  return {
    kind: 'adoptable',
    ...place,
    draft: { ...read.draft, description },
    lines: [...own, place.text],
    notes: [...read.notes, ...managed],
    offers: offersFor(read.wrapped),
  };
}

function obstructed({ obstacle, remedy, refused }: Obstacle) {
  return { obstacle, remedy, refused: refused === true };
}

function soundEntry(line: TableLine, { cron, system, owner }: ImportSource): Sound | Obstacle {
  const oddity = oddityOf(line, cron);
  if (oddity !== undefined) return oddity;
  const entry = readEntry(line.text ?? '', cron, system);
  if (entry === undefined) return { ...incomplete(system), refused: true };
  const fed = fedCommand(entry.command, cron);
  if (isObstacle(fed)) return fed;
  const { times, unlogged, user } = entry;
  if (system && !accountName.test(user)) return noAccount(user);
  return { times, unlogged, user: system ? user : owner, ...fed };
}

function fedCommand(text: string, cron: Cron): Fed | Obstacle {
  if (Buffer.byteLength(text) > cron.longestCommand) return tooLong(cron.title, cron.longestCommand);
  if (cron.name === 'busybox' && /#|\\$/.test(text)) return busyboxCut;
  const fed = readPercents(text, cron);
  if (fed.command.trim() === '') return { obstacle: 'it runs nothing', remedy: 'remove the entry' };
  return Buffer.byteLength(fed.stdin) > longestInput ? tooMuchInput : fed;
}

/** What the text of a job cannot hold, and what cron does not read. */
function oddityOf({ text, ended }: TableLine, { name }: Cron): Obstacle | undefined {
  if (text === undefined) return { obstacle: 'it is not UTF-8, as a jobs file is', remedy: 'write it in UTF-8' };
  if (text.includes('\0')) return { obstacle: 'it holds a NUL, where cron ends it', remedy: 'remove the NUL' };
  if (!text.includes('\r')) return ended || name === 'busybox' ? undefined : unended;
  const obstacle = 'it holds a carriage return, which cron hands to the command';
  return { obstacle, remedy: 'save the table with line feeds alone, as with dos2unix' };
}

const unended: Obstacle = {
  obstacle: 'no line feed ends it, and cron reads no such line',
  remedy: 'end the last line of the table with a line feed',
  refused: true,
};

function incomplete(system: boolean): Obstacle {
  const parts = system ? 'times, an account and a command' : 'five times and a command';
  return { obstacle: `it is neither NAME=value nor ${parts}`, remedy: 'correct the line, or remove it' };
}

function tooLong(title: string, most: number): Obstacle {
  return {
    obstacle: `${title} takes no command of more than ${most} bytes`,
    remedy: 'put the command into a script',
    refused: true,
  };
}

const busyboxCut: Obstacle = {
  obstacle: 'BusyBox crond ends a command at #, and joins lines at a backslash',
  remedy: 'put the command into a script',
};

/** As much as a jobs file takes under `stdin:`. */
const longestInput = 65_536;
const tooMuchInput: Obstacle = {
  obstacle: 'its input is longer than 64 KiB, more than stdin: takes',
  remedy: 'put the input into a file, and let the command read that',
};

/** As a jobs file takes it under `user:`. */
const accountName = /^(?!\d+$)[\w.][\w.@+\\-]{0,254}\$?$/;

function noAccount(name: string): Obstacle {
  return { obstacle: `found ${JSON.stringify(name)} where an account stands`, remedy: 'write the name of an account' };
}

interface Drafted {
  readonly draft: JobDraft;
  readonly notes: readonly string[];
  readonly wrapped: Parameters<typeof offersFor>[0];
}

function draftOf(sound: Sound, variables: Variables, { source, outer, sharedLocks }: Reading): Drafted | Obstacle {
  const { command, stdin, user, unlogged } = sound;
  const times = readTimes(sound.times, source.cron);
  if (isObstacle(times)) return times;
  const known = decodedVariables(variables);
  if (isObstacle(known)) return known;
  const zone = zoneOf(known, source.cron);
  if (isObstacle(zone)) return zone;
  const surroundings = surroundingsOf({ variables: known, user, source, outer });
  if (isObstacle(surroundings)) return surroundings;
  const { notifyTo, notes } = recipientsOf(known, source.cron);
  const commandOf = (text: string) => commandIn(surroundings, text);
  const draft: JobDraft = {
    name: proposedName(command),
    description: '',
    schedule: times.schedule,
    command: commandOf(command),
    env: surroundings.env,
    stdin,
    user,
    timezone: zone.timezone,
    cwd: '',
    notifyTo,
    overlap: 'allow',
  };
  const quiet = unlogged ? ['cronie writes nothing about it into the log of the system; cronwright records it'] : [];
  return {
    draft,
    notes: [...times.notes, ...zone.notes, ...notes, ...unsettled(surroundings), ...quiet],
    wrapped: { text: command, shell: surroundings.shell, sharedLocks, commandOf },
  };
}

/** Every job would repeat them all. */
export const mostVariables = 200;

function decodedVariables(variables: Variables): Variables | Obstacle {
  if (variables.size > mostVariables) {
    const obstacle = `more than ${mostVariables} variables are set above it, and a job takes no more of a table`;
    return { obstacle, remedy: 'have the command read them from a file' };
  }
  const known = new Map<string, string>();
  for (const [name, value] of variables) {
    const [word, text] = [decoded(name), decoded(value)];
    if (word === undefined || text === undefined) return unfit(word ?? name, 'is not UTF-8, as a jobs file is');
    if (`${word}${text}`.includes('\0')) return unfit(word, 'holds a NUL, where cron ends it');
    known.set(word, text);
  }
  return known;
}

function unfit(name: string, why: string): Obstacle {
  return { obstacle: `the variable ${JSON.stringify(name)} above it ${why}`, remedy: 'correct the line that sets it' };
}

function unsettled({ removed }: Surroundings): readonly string[] {
  return removed.map((name) => `the table sets ${name} for others alone: the command runs without it, through env -u`);
}
