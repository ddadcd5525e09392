import { spawnSync } from 'node:child_process';

/** A group of this system, as group(5) has it. */
export interface Group {
  readonly name: string;
  readonly gid: number;
}

/** Milliseconds: a directory service may be down. */
const longestAnswer = 10_000;

/**
 * The groups that a user is in, the own one first, as id(1) tells them; none where it has no answer. They are what
 * initgroups(3) gives to what runs under that account.
 */
export function groupsOf(user: string): readonly Group[] {
  const names = askId('-Gn', user);
  return askId('-G', user).map((gid, index) => ({ name: names[index] ?? gid, gid: Number(gid) }));
}

function askId(option: string, user: string): readonly string[] {
  const { status, stdout } = spawnSync('id', [option, '--', user], {
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: longestAnswer,
  });
  return status === 0 ? stdout.trim().split(/\s+/) : [];
}
