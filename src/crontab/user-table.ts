import { type Clock, systemClock } from '../clock.ts';
import { exitStatus, UserError } from '../errors.ts';
import { ownAccount } from '../job/account.ts';
import { recogniseCron } from './cron/recognise.ts';
import { inPrivateFile } from './private-file.ts';
import { type ProgramResult, programFailure, runProgram } from './program.ts';
import { replaceTable, type Stored } from './replacement.ts';
import { ownRights, type Rights } from './rights.ts';
import { spoolChanges } from './spool.ts';
import { differenceOf, type Table } from './table.ts';

/** How the crontab program is reached. */
export interface UserTableOptions {
  /** A name to look for on PATH, or a path. */
  readonly program?: string;
  /** Milliseconds that one call may take. */
  readonly timeout?: number;
  /** Whose table it is, which takes root for any but one's own; the caller's if not given. */
  readonly user?: string | undefined;
  /** Names it in messages and in the registry; `user` if not given. */
  readonly label?: string;
  /** With which rights the program is started. */
  readonly rights?: Rights;
  readonly clock?: Clock;
}

/** The table of a user, through crontab(1), which alone may touch it. */
export function userTable({
  program = 'crontab',
  timeout = 20_000,
  user,
  label = 'user',
  rights = ownRights,
  clock = systemClock,
}: UserTableOptions = {}): Table {
  const crontab: Crontab = {
    ...{ program, rights },
    user: user ?? ownAccount().user,
    call: (args, env = {}, input) => {
      const options = { timeout, env: { ...env, LC_ALL: 'C' }, ...(input && { input }) };
      return rights(() => runProgram([program, ...userOption(user), ...args], options));
    },
    written: (option) => rights(() => ['crontab', ...userOption(user), option].join(' ')),
  };
  const read = async (): Promise<Stored> => ({ bytes: await readExactly(crontab), changed: spoolChanges() });
  const replace = (next: Buffer, { bytes }: Stored): Promise<void> => store(crontab, next, bytes);
  return {
    label,
    system: false,
    read: () => readExactly(crontab),
    write: (next, options) => replaceTable({ label, clock, read, replace }, next, options),
  };
}

/** For one's own table some systems refuse `-u`. Asked with the rights that the program starts with. */
function userOption(user: string | undefined): readonly string[] {
  return user === undefined || user === ownAccount().user ? [] : ['-u', user];
}

/** The crontab program, for one user. */
interface Crontab {
  /** A name to look for on PATH, or a path. */
  readonly program: string;
  /** The name of the user. */
  readonly user: string;
  readonly rights: Rights;
  call(args: readonly string[], env?: Readonly<Record<string, string>>, input?: Buffer): Promise<ProgramResult>;
  /** A call as a person would type it. */
  written(option: string): string;
}

async function store(crontab: Crontab, next: Buffer, before: Buffer): Promise<void> {
  checkComplete(crontab, before);
  const result = await put(crontab, next);
  const failure = programFailure(result);
  const stored = await readExactly(crontab).catch((error: unknown) => {
    if (failure === undefined) throw error;
    return undefined;
  });
  // It may have died when all was done: what is stored is what counts.
  if (stored?.equals(next)) return;
  const state = await stateAfter(crontab, { stored, next, before });
  if (failure !== undefined || stored === undefined)
    throw refusal(`cannot write the crontab: crontab ${failure}; ${state}`, result);
  throw new UserError(
    `crontab accepted the table and did not store it as it was given, ${differenceOf(next, stored)}; ${state}`,
    `look at ${crontab.written('-l')} and put it right before the next sync`,
  );
}

/** A table without a byte is removed: where none was before the first sync, none is left after the last. */
async function put(crontab: Crontab, table: Buffer): Promise<ProgramResult> {
  if (table.length === 0) return crontab.call(['-r']);
  const cron = await recogniseCron(crontab.program);
  if (cron?.takesInput !== false) return crontab.call(['-'], {}, table);
  return inPrivateFile(table, (path) => crontab.call([path]), crontab.rights);
}

/** Crons refuse a table whose last line does not end: a listing that stops within a line is not all that is stored. */
function checkComplete(crontab: Crontab, listed: Buffer): void {
  if (listed.length === 0 || listed.at(-1) === 0x0a) return;
  const listing = crontab.written('-l');
  throw new UserError(
    `what ${listing} prints stops within a line, so there may be more; nothing was written`,
    `look at ${listing}; if the table does end so, add the line end with ${crontab.written('-e')}`,
  );
}

/** A write that went wrong. */
interface Failed {
  /** What is stored now; undefined where it cannot be read. */
  readonly stored: Buffer | undefined;
  readonly next: Buffer;
  readonly before: Buffer;
}

/** In words. What broke off in the middle is nobody's edit, so the table before it is put back. */
async function stateAfter(crontab: Crontab, { stored, next, before }: Failed): Promise<string> {
  const broken = stored !== undefined && !stored.equals(before) && isPieceOf(stored, next);
  if (broken) await put(crontab, before);
  const now = broken ? await readExactly(crontab).catch(() => undefined) : stored;
  return now?.equals(before)
    ? 'the table is as it was'
    : `the table may have changed, look at ${crontab.written('-l')}`;
}

function isPieceOf(stored: Buffer, whole: Buffer): boolean {
  return stored.length < whole.length && whole.subarray(0, stored.length).equals(stored);
}

/** The three lines that Debian's crontab puts above a table when it stores it, and takes away when it lists it. */
const header =
  /^# DO NOT EDIT THIS FILE - edit the master and reinstall\.\n# \(.* installed on .*\)\n# \(Cron version .*\)\n/;

/**
 * The table as it is stored. Debian's `crontab -l` is not that: it hides up to three comments at the top, whoever wrote
 * them, unless CRONTAB_NOHEADER is N; and since 3.0pl1-149 it shows a carriage return as `\r` and a backspace as `\b`.
 */
async function readExactly(crontab: Crontab): Promise<Buffer> {
  const whole = await list(crontab, { CRONTAB_NOHEADER: 'N' });
  const listed = header.test(whole.toString('latin1')) ? await list(crontab, {}) : whole;
  return /\\[rb]/.test(listed.toString('latin1')) ? unescaped(crontab, listed) : listed;
}

async function list(crontab: Crontab, env: Readonly<Record<string, string>>): Promise<Buffer> {
  const result = await crontab.call(['-l'], env);
  if (saysNone(result, crontab.user)) return Buffer.alloc(0);
  const failure = programFailure(result);
  if (failure === undefined) return result.stdout;
  throw refusal(`cannot read the crontab: ${crontab.written('-l')} ${failure}`, result);
}

/**
 * The one failure that means an empty table; every other one says nothing about what is stored. BusyBox names the file that
 * is not there, which in its spool has the name of the user (crontab.c).
 */
function saysNone(result: ProgramResult, user: string): boolean {
  if (result.kind !== 'exited' || result.stdout.length > 0) return false;
  const words = result.stderr.toString('latin1').trim();
  if (result.status === 111) return words === 'bcrontab: Fatal: Crontab does not exist';
  if (result.status !== 1) return false;
  return (
    /^(?:crontab: )?no crontab for \S+$/.test(words) ||
    words === `crontab: can't open '${user}': No such file or directory`
  );
}

function refusal(message: string, result: ProgramResult): UserError {
  if (result.kind === 'not-started' && result.code === 'ENOENT')
    return new UserError(message, 'install cron; it brings the crontab program');
  if (!/not allowed/i.test(result.stderr.toString('latin1'))) return new UserError(message);
  return new UserError(message, 'see /etc/cron.allow and /etc/cron.deny', exitStatus.denied);
}

/**
 * The table behind a listing in which `\r` and `\b` stand for one byte or for two. `crontab -e` hands the stored bytes to
 * an editor; cat prints them and, as it changes nothing, crontab leaves the table alone.
 */
async function unescaped(crontab: Crontab, listed: Buffer): Promise<Buffer> {
  const { stdout } = await crontab.call(['-e'], { VISUAL: 'cat', EDITOR: 'cat' });
  const text = stdout.toString('latin1');
  const escaped = Buffer.from(text.replaceAll('\r', '\\r').replaceAll('\b', '\\b'), 'latin1');
  if (stdout.equals(listed) || escaped.equals(listed)) return stdout;
  throw new UserError(
    `cannot read the crontab exactly: ${crontab.written('-l')} shows carriage returns and backspaces as \\r and \\b`,
    `remove them with ${crontab.written('-e')}; they end commands and are seldom meant`,
  );
}
