import { userInfo } from 'node:os';

/** The user this process runs as. */
export interface Account {
  readonly user: string;
  /** Absolute path of the home directory. */
  readonly home: string;
}

/**
 * The account as the user database has it, not as the environment says: sudo(8) leaves HOME as it was. A user without an
 * entry, as containers have, goes by its number and is at home in /.
 */
export function ownAccount(): Account {
  try {
    const { username, homedir } = userInfo();
    return { user: username, home: homedir };
  } catch {
    return { user: String(process.geteuid?.() ?? 0), home: '/' };
  }
}
