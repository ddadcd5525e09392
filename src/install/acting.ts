import { resolve } from 'node:path';
import { parseTarget } from '../crontab/target.ts';
import { exitStatus, UserError } from '../errors.ts';
import { type Account, accountOf, ownAccount } from '../job/account.ts';
import type { Variables } from '../job/environment.ts';
import { isTrusted } from '../job/trusted-directory.ts';

/** Whom this process acts as, and the groups of root that it goes back to for a moment. */
interface Acting {
  readonly account: Account;
  readonly groups: readonly number[];
  readonly rootGroups: readonly number[];
}

/** As the process has it: whoever asks within it, the answer is the same. */
let acting: Acting | undefined;

/** Whom root acts as; undefined where the process acts as the one who started it. */
export function actingAccount(): Account | undefined {
  return acting?.account;
}

/**
 * Puts root’s rights aside: from here on files are read, made and written as the account would. Only {@link asRoot} takes
 * them back. What is started otherwise still has root as its real user.
 */
export function actAs(account: Account): void {
  if (acting !== undefined)
    throw new Error(`acts as ${acting.account.user} already, and was to act as ${account.user}`);
  const rootGroups = process.getgroups?.() ?? [];
  (process as Initgroups).initgroups?.(account.user, account.gid);
  // Before the groups are read: Node counts the effective one among them, and root's is not to stay.
  process.setegid?.(account.gid);
  acting = { account, groups: process.getgroups?.() ?? [], rootGroups };
  putAside(acting);
}

/** What @types/node leaves out: initgroups(3). */
interface Initgroups {
  initgroups?(user: string, group: number): void;
}

/** Does `work` with root’s rights where they were put aside; what it begins and goes on with later has them not. */
export function asRoot<T>(work: () => T): T {
  if (acting === undefined || process.geteuid?.() === 0) return work();
  process.seteuid?.(0);
  try {
    process.setegid?.(0);
    process.setgroups?.([...acting.rootGroups]);
    return work();
  } finally {
    putAside(acting);
  }
}

/** The groups first: they take the rights that go last. */
function putAside({ account: { uid, gid }, groups }: Acting): void {
  process.setgroups?.([...groups]);
  process.setegid?.(gid);
  process.seteuid?.(uid);
  if (process.geteuid?.() !== uid || process.getegid?.() !== gid) throw new Error(`cannot act as user ${uid}`);
}

/** Root alone changes the tables of others. */
export function takesRoot(what: string): UserError {
  return new UserError(`it takes root to install into ${what}`, 'sudo cronwright …', exitStatus.denied);
}

/**
 * Sees that root, acting for an account, changes no table but that account's own: which others there are to change stands in
 * a registry that the account can write, and perhaps in its jobs file, and root's rights would be at its service.
 * @param label of the table.
 * @throws UserError where it is the system's, or somebody else's.
 */
export function checkWithin(label: string): void {
  const account = actingAccount();
  if (account === undefined || label === 'user' || label.startsWith('file:')) return;
  throw new UserError(
    `root, acting for ${account.user}, does not touch the table of target ${label}; nothing was changed`,
    'take what it names out of that table as root, without --target user:NAME',
    exitStatus.denied,
  );
}

/** How a command goes on. */
export interface ActingFor {
  /** The target as the account itself would name it; undefined where none was. */
  readonly target: string | undefined;
  /** The variables that count, without those that lead to root’s own files. */
  readonly environment: Variables;
}

/**
 * Acts as the owner of the table from here on where that is another account, `user:NAME`: its state is its own, not root’s.
 * What root alone can read, such as the jobs file, has been read before.
 * @throws UserError where there is no such account, or it takes root to act as it.
 */
export function actingFor(target: string | undefined, environment: Variables): ActingFor {
  const name = target?.startsWith('user:') ? parseTarget(target) : undefined;
  if (name?.kind !== 'user-of') return { target, environment };
  if (name.user === ownAccount().user) return { target: 'user', environment };
  if (process.geteuid?.() !== 0) throw takesRoot(`the crontab of ${name.user}`);
  const account = accountOf(name.user);
  if (account === undefined)
    throw new UserError(`there is no user ${name.user} here`, 'getent passwd names those that are');
  actAs(account);
  return { target: 'user', environment: environmentOf(account, environment) };
}

/** Variables by which programs find the files of a user; those of root’s would be found. */
const ofRoot = ['XDG_STATE_HOME', 'XDG_CONFIG_HOME', 'XDG_RUNTIME_DIR', 'XDG_DATA_HOME', 'XDG_CACHE_HOME'];

function environmentOf({ user, home, shell }: Account, environment: Variables): Variables {
  const others = Object.entries(environment).filter(([name]) => !ofRoot.includes(name));
  return { ...Object.fromEntries(others), HOME: home, USER: user, LOGNAME: user, SHELL: shell };
}

/**
 * Reads a jobs file, and acts as {@link actingFor} has it: before, unless the file is root's alone. What an account writes in
 * a jobs file includes other files, and would have root read to it what it may not read itself.
 */
export function readActing<T>(
  file: string,
  read: () => T,
  { target, environment }: ActingFor,
): { readonly found: T; acting(): ActingFor } {
  if (process.geteuid?.() === 0 && isTrusted(resolve(file), 0))
    return { found: read(), acting: () => actingFor(target, environment) };
  const acting = actingFor(target, environment);
  return { found: read(), acting: () => acting };
}
