import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';

/** A user of this system, as passwd(5) has it. */
export interface Account {
  readonly user: string;
  readonly uid: number;
  readonly gid: number;
  /** Absolute path of the home directory. */
  readonly home: string;
  /** Absolute path of the login shell. */
  readonly shell: string;
}

/**
 * The account that this process runs under, as the user database has it and not as the environment says: sudo(8) leaves
 * HOME as it was. A user without an entry, as containers have, goes by its number and is at home in /.
 */
export function ownAccount(): Account {
  try {
    const { username, uid, gid, homedir, shell } = userInfo();
    return { user: username, uid, gid, home: homedir, shell: shell || defaultShell };
  } catch {
    const uid = process.geteuid?.() ?? 0;
    return { user: String(uid), uid, gid: process.getegid?.() ?? 0, home: '/', shell: defaultShell };
  }
}

const defaultShell = '/bin/sh';

/**
 * The account of that name, or undefined where there is none. getent(1) is asked, because accounts may live in a
 * directory service; where it is missing or has no answer, /etc/passwd counts.
 */
export function accountOf(user: string): Account | undefined {
  if (!askable.test(user)) return undefined;
  const { status, stdout } = askGetent(user);
  if (status === noSuchKey) return undefined;
  return readEntry(status === 0 ? stdout : passwdLine(user));
}

/** No option, no number (getent would take it for a user id) and no character that passwd(5) keeps for itself. */
const askable = /^(?!-|\d+$)[^\s:/\0]+$/;

/** getent's exit status for a name that is not in the database. */
const noSuchKey = 2;
/** Milliseconds: a directory service that is down must not hold a job for ever. */
const longestAnswer = 10_000;

function askGetent(user: string): { readonly status: number | null; readonly stdout: string } {
  // Loaded by need: the tick, which starts nothing, has no use for it.
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  return spawnSync('getent', ['passwd', user], {
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin' },
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: longestAnswer,
    killSignal: 'SIGKILL',
  });
}

function passwdLine(user: string): string {
  try {
    const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
    return lines.find((line) => line.startsWith(`${user}:`)) ?? '';
  } catch {
    return '';
  }
}

/** `name:password:uid:gid:comment:home:shell`, the first line of what was found. */
function readEntry(text: string): Account | undefined {
  const [user, , uid, gid, , home, shell] = (text.split('\n')[0] ?? '').split(':');
  if (!user || !uid || !gid || !/^\d+$/.test(uid) || !/^\d+$/.test(gid)) return undefined;
  return { user, uid: Number(uid), gid: Number(gid), home: home || '/', shell: shell || defaultShell };
}
