import type { Clock } from '../clock.ts';
import { type ProcessEntry, processEntry } from './process-table.ts';
import { type Look, lookAt, type Tree } from './tree.ts';

/** How long SIGKILL is repeated, in milliseconds: a process may fork while the others are struck. */
const killLimit = 2_000;

/**
 * Ends a tree: TERM to all of it, those included that called setsid or outlived their parents; then, after the grace,
 * KILL to whatever is left. Returns as soon as nothing of it lives, and at the latest two seconds after the grace: a
 * process in an uninterruptible sleep cannot be waited for, nor one that this account may not signal.
 */
export async function endTree(tree: Tree, grace: number, clock: Clock): Promise<void> {
  const hunt = new Hunt(tree);
  hunt.askToEnd();
  if (await comesTrue(() => hunt.isOver(), grace, clock)) return;
  await comesTrue(() => hunt.strike(), killLimit, clock);
}

/**
 * One empty look is no proof: a process may have been listed before its child was there and have ended before it was
 * read, and one that is just being executed has no environment to be known by.
 */
const emptyLooks = 2;

/** A tree that is being ended: what was found last, which tells more about the next look. */
class Hunt {
  readonly #tree: Tree;
  #look: Look;
  #empty = 0;

  constructor(tree: Tree) {
    this.#tree = tree;
    this.#look = lookAt(tree);
  }

  /** TERM, and CONT: a stopped process would not see TERM. timeout(1) does the same. */
  askToEnd(): void {
    for (const signal of ['SIGTERM', 'SIGCONT'] as const) {
      this.#sendToGroup(signal);
      this.#sendToOthers(signal);
    }
  }

  /** Whether nothing is left. While one that is known lives, the whole table need not be read. */
  isOver(): boolean {
    if (this.#look.members.some(stillLives)) return false;
    const isOver = this.#findsNothing();
    // Who was just being forked by one that was asked singly was not asked itself.
    this.#sendToOthers('SIGTERM');
    return isOver;
  }

  /** Sends KILL to whatever is left; true when nothing was. */
  strike(): boolean {
    const isOver = this.#findsNothing();
    this.#sendToGroup('SIGKILL');
    this.#sendToOthers('SIGKILL');
    return isOver;
  }

  #findsNothing(): boolean {
    this.#look = lookAt(this.#tree, this.#look);
    this.#empty = this.#look.members.length === 0 ? this.#empty + 1 : 0;
    return this.#empty >= emptyLooks;
  }

  /** To the leader's group as one, so that a process which is just being forked gets it too. */
  #sendToGroup(signal: NodeJS.Signals): void {
    const group = this.#tree.leader?.pid;
    if (group !== undefined && this.#look.members.some((member) => member.group === group)) send(-group, signal);
  }

  #sendToOthers(signal: NodeJS.Signals): void {
    for (const member of this.#look.members) {
      if (member.group !== this.#tree.leader?.pid && stillLives(member)) send(member.pid, signal);
    }
  }
}

function stillLives({ pid, born }: ProcessEntry): boolean {
  const entry = processEntry(pid);
  return entry !== undefined && entry.born === born && !entry.zombie;
}

/** Whoever is gone, or is not ours to signal, is passed over. */
function send(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch {
    // Passed over, as said above.
  }
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
