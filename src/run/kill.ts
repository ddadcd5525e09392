import { readdirSync, readFileSync } from 'node:fs';
import type { Clock } from '../clock.ts';

/** The processes of one attempt: its process group, and whatever carries its run in the environment. */
export interface Tree {
  /** The process id of the group's leader. */
  readonly group: number;
  /** The value of CRONWRIGHT_RUN. */
  readonly run: string;
}

/** How long SIGKILL is repeated, in milliseconds: a process may fork while the others are struck. */
const killLimit = 2_000;

/**
 * Ends a tree: TERM to the group; then, after the grace, KILL to the group and to every process that carries the run,
 * which finds those that called setsid or outlived their parents. Returns as soon as nothing of it lives, and at the
 * latest two seconds after the grace: a process in an uninterruptible sleep cannot be waited for.
 */
export async function endTree(tree: Tree, grace: number, clock: Clock): Promise<void> {
  send(-tree.group, 'SIGTERM');
  // A stopped process would not see TERM; timeout(1) does the same.
  send(-tree.group, 'SIGCONT');
  if (await comesTrue(() => survivors(tree).length === 0, grace, clock)) return;
  await comesTrue(() => strike(tree), killLimit, clock);
}

/** Sends KILL to whatever is left; true when nothing was. */
function strike(tree: Tree): boolean {
  const left = survivors(tree);
  if (left.length === 0) return true;
  send(-tree.group, 'SIGKILL');
  for (const pid of left) send(pid, 'SIGKILL');
  return false;
}

/** Whoever is gone, or is not ours to signal, is passed over. False then. */
function send(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal);
  } catch {
    return false;
  }
}

/**
 * The living processes of a tree, without this one; a negative number stands for the group as a whole. Zombies do not
 * count: in a container they may wait for ever for a parent. Elsewhere than on Linux only the group can be seen.
 */
export function survivors(tree: Tree): readonly number[] {
  const pids = processIds();
  if (pids === undefined) return send(-tree.group, 0) ? [-tree.group] : [];
  return pids.filter((pid) => pid !== process.pid && belongs(pid, tree));
}

function processIds(): readonly number[] | undefined {
  try {
    const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
    return pids.length > 0 ? pids : undefined;
  } catch {
    return undefined;
  }
}

function belongs(pid: number, tree: Tree): boolean {
  try {
    const { state, group } = statusLine(readFileSync(`/proc/${pid}/stat`, 'latin1'));
    if (state === 'Z' || state === 'X') return false;
    return group === tree.group || carries(pid, tree.run);
  } catch {
    // It ended meanwhile, or it is another user's.
    return false;
  }
}

/** The third and the fifth field of proc_pid_stat(5). The second, the name, may itself hold blanks and parentheses. */
function statusLine(text: string): { readonly state: string | undefined; readonly group: number } {
  const [state, , group] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state, group: Number(group) };
}

/** Whether the environment that the process was started with has exactly this run. */
function carries(pid: number, run: string): boolean {
  return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`CRONWRIGHT_RUN=${run}`);
}

/** The pauses between two looks at the processes, in milliseconds. */
const firstPause = 5;
const longestPause = 200;

/** Asks until `condition` holds, for at most `limit` milliseconds; whether it came to hold. */
async function comesTrue(condition: () => boolean, limit: number, clock: Clock): Promise<boolean> {
  const over = new AbortController();
  let late = false;
  const limited = clock.sleep(limit, over.signal).then(() => {
    late = true;
  }, ignoreAbort);
  try {
    for (let pause = firstPause; !condition(); pause = Math.min(2 * pause, longestPause)) {
      if (late) return false;
      await Promise.race([limited, clock.sleep(pause, over.signal).catch(ignoreAbort)]);
    }
    return true;
  } finally {
    over.abort();
  }
}

function ignoreAbort(): void {
  // An aborted sleep is the answer to nobody's question.
}
