import type { TestContext } from 'node:test';
import Database from 'better-sqlite3';
import { companion } from '../store/rig.ts';
import type { Ground } from './ground.ts';

/** Something that happens to a state directory. */
export interface Trouble {
  readonly name: string;
  /** Prepares a state directory that is not there yet. */
  prepare?(ground: Ground): Promise<void>;
  /** Brings the trouble about. Returns what ends it, as a person would. */
  begin(ground: Ground, t: TestContext): Promise<() => Promise<unknown>>;
}

/** Nothing more fits into a directory on a file system of its own. */
export const fill = (directory: string) => `cat /dev/zero >'${directory}/ballast' 2>/dev/null || true`;

const smallDisk = (directory: string) =>
  `mkdir -p -m 0700 '${directory}' && mount -t tmpfs -o size=2m,mode=0700 small '${directory}'`;

/** Every job once more from its file, as after the loss of a database. */
const installAgain = async (ground: Ground) => {
  const { status, err } = await ground.cronwright(['sync', '--yes', '--target', `file:${ground.table}`]);
  if (status !== 0) throw new Error(`sync failed: ${err}`);
};

async function replaceDamaged(ground: Ground): Promise<void> {
  await ground.mounts.change(`cd '${ground.state}' && mv cronwright.db damaged && rm -f cronwright.db-*`);
  await installAgain(ground);
}

export const fullDisk: Trouble = {
  name: 'a disk that is full to the last byte',
  prepare: ({ mounts, state }) => mounts.change(smallDisk(state)),
  async begin({ mounts, state }) {
    await mounts.change(fill(state));
    return () => mounts.change(`rm '${state}/ballast'`);
  },
};

const readOnlyDisk: Trouble = {
  name: 'a disk that turned read-only',
  async begin({ mounts, state }) {
    await mounts.change(`mount --bind '${state}' '${state}' && mount -o remount,bind,ro '${state}'`);
    return () => mounts.change(`umount '${state}'`);
  },
};

const lockedDatabase: Trouble = {
  name: 'a database that another process goes on writing to',
  async begin({ state }, t) {
    const holder = companion(t, 'holds-write-lock', state);
    await holder.line();
    return async () => {
      holder.go();
      await holder.rest();
    };
  },
};

const movedDirectory: Trouble = {
  name: 'a state directory that was renamed',
  async begin({ mounts, state }) {
    await mounts.change(`mv '${state}' '${state}.away'`);
    return () => mounts.change(`mv '${state}.away' '${state}'`);
  },
};

const removedDirectory: Trouble = {
  name: 'a state directory that was removed',
  async begin(ground) {
    await ground.mounts.change(`rm -r '${ground.state}'`);
    return () => installAgain(ground);
  },
};

const newerDatabase: Trouble = {
  name: 'a database of a newer version',
  async begin({ state }) {
    const set = (version: number) => {
      const database = new Database(`${state}/cronwright.db`);
      const before = Number(database.pragma('user_version', { simple: true }));
      database.pragma(`user_version = ${version}`);
      database.close();
      return before;
    };
    const before = set(999);
    return async () => set(before);
  },
};

/** @param pages how many pages, counted from the first, stay as they are. */
function garbage(name: string, pages: number): Trouble {
  return {
    name,
    async begin(ground) {
      const write = `dd if=/dev/urandom of=cronwright.db bs=4096 seek=${pages} conv=notrunc status=none`;
      const size = '$(($(stat -c %s cronwright.db) / 4096))';
      await ground.mounts.change(`cd '${ground.state}' && ${write} count=$((${size} - ${pages}))`);
      return () => replaceDamaged(ground);
    },
  };
}

/** Those that a run can meet at its start. */
export const atTheStart: readonly Trouble[] = [
  fullDisk,
  readOnlyDisk,
  lockedDatabase,
  movedDirectory,
  removedDirectory,
  newerDatabase,
  garbage('a database with garbage at its beginning', 0),
  garbage('a database with garbage in its pages', 1),
];

/** Those that can come while its task runs, and leave what was recorded as it was. */
export const meanwhile: readonly Trouble[] = [fullDisk, readOnlyDisk, lockedDatabase, movedDirectory, removedDirectory];
