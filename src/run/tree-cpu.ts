import type { ProcessEntry } from './process-table.ts';

/**
 * The processor time of a tree, in milliseconds, from samples of its members. What its processes have waited for is
 * theirs, and comes to this process when it waits for the leader. What an adopted member used, one whose parent is none
 * of the tree's, never comes: of that the last sample counts.
 */
export class TreeCpu {
  readonly #leader: number;
  #members: readonly ProcessEntry[] = [];
  /** What adopted members used that are gone. */
  #gone = 0;
  /** The most that the whole tree was ever seen to have used: nothing of it can have been given back. */
  #most = 0;

  constructor(leader: number) {
    this.#leader = leader;
  }

  /** Takes the members that live now. */
  note(members: readonly ProcessEntry[]): void {
    const living = new Set(members.map(identity));
    const ended = this.#members.filter((member) => this.#isAdopted(member) && !living.has(identity(member)));
    this.#gone += sumOf(ended);
    this.#members = members;
    this.#most = Math.max(this.#most, this.#gone + sumOf(members));
  }

  /** The time of the whole tree, once the leader is gone and the rest was noted. `waited` is what came with the leader. */
  total(waited: number): number {
    return Math.max(this.#most, waited + this.#gone + sumOf(this.#members));
  }

  #isAdopted({ pid, parent }: ProcessEntry): boolean {
    return pid !== this.#leader && this.#members.every((member) => member.pid !== parent);
  }
}

function identity({ pid, born }: ProcessEntry): string {
  return `${pid} ${born}`;
}

function sumOf(members: readonly ProcessEntry[]): number {
  return members.reduce((sum, { cpu, childCpu }) => sum + cpu + childCpu, 0);
}
