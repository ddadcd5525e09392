import type { Clock } from '../clock.ts';
import { memoryOf, processEntry, processIds } from './process-table.ts';
import { type Leader, type LeftProcess, lookAmong, mayHaveComeRound, type Tree } from './tree.ts';
import { TreeCpu } from './tree-cpu.ts';

/** What a task used. Null where it is not known: without /proc, or where it ended before it could be asked. */
export interface Cost {
  /**
   * Milliseconds of processor time, in steps of 10. It misses what a process used since the last sample that neither
   * the task nor one of its descendants waited for.
   */
  readonly cpuMs: number | null;
  /**
   * Bytes: the higher of what one process had at its peak and of what all had together in one sample. Memory that
   * several share counts for each. What came and went between two samples is not seen, and of a task that ends within
   * the first 20 ms only what it had at its start, if anything.
   */
  readonly peakMemory: number | null;
}

export const unknownCost: Cost = { cpuMs: null, peakMemory: null };

/** Two attempts taken together: the sum of their time, the higher of their peaks. What is not known counts as nothing. */
export function bothCosts(one: Cost, other: Cost): Cost {
  return {
    cpuMs: combined(one.cpuMs, other.cpuMs, (first, second) => first + second),
    peakMemory: combined(one.peakMemory, other.peakMemory, Math.max),
  };
}

function combined(one: number | null, other: number | null, combine: (one: number, other: number) => number) {
  return one === null || other === null ? (one ?? other) : combine(one, other);
}

/** Milliseconds of processor time of the children that this process has waited for, and of theirs. */
export function waitedCpu(): number | undefined {
  return processEntry('self')?.childCpu;
}

/**
 * The pauses between two samples, in milliseconds. Most tasks end before the first is over. A sample lists /proc and
 * reads two files for each process of the task, which takes some milliseconds where thousands of processes run.
 */
const pauses: readonly number[] = [20, 100, 500, 2_000, 5_000];
const lastPause = 10_000;

/** Bytes. What has less is a program that the kernel is only just loading, and says nothing of the task. */
const leastMemory = 256 * 1024;

/** What a measurement is about. */
export interface Measured {
  readonly tree: Tree & { readonly leader: Leader };
  /** `waitedCpu` from before this process can have waited for the leader. */
  readonly waited: number | undefined;
  readonly clock: Clock;
}

/** Measures what the processes of one attempt use, from its start until it is stopped. */
export class CostMeter {
  readonly #plan: Measured;
  readonly #startedAt: number;
  readonly #over = new AbortController();
  readonly #cpu: TreeCpu;
  /** Who was looked at already and is none of the tree's. */
  #strangers: ReadonlySet<number> | undefined;
  #peakMemory: number | null = null;

  /** Takes the first sample at once, of the leader alone. */
  constructor(plan: Measured) {
    this.#plan = plan;
    this.#startedAt = plan.clock.now();
    this.#cpu = new TreeCpu(plan.tree.leader.pid);
    if (plan.tree.leader.born === 0) return;
    this.#noteMemory([plan.tree.leader]);
    void this.#sampleNowAndThen();
  }

  /** Looks at all processes of the tree: now and then by itself, and when asked to because something will end them. */
  sample(): void {
    const pids = processIds() ?? [];
    const strangers = this.#strangers ?? this.#elders(pids);
    const candidates = pids.filter((pid) => !strangers.has(pid));
    const { members } = lookAmong(this.#plan.tree, candidates, { members: [], sessionIsOurs: true });
    const found = new Set(members.map(({ pid }) => pid));
    // Whoever is listed no longer is forgotten, because another may get that number.
    this.#strangers = new Set(pids.filter((pid) => !found.has(pid)));
    this.#cpu.note(members);
    this.#noteMemory(members);
  }

  /** Ends the measurement when the leader was waited for. `left` are the members that live on. */
  stop(left: readonly LeftProcess[]): Cost {
    this.#over.abort();
    const waited = waitedCpu();
    if (waited === undefined || this.#plan.waited === undefined) return unknownCost;
    this.#cpu.note(left.flatMap(({ pid }) => processEntry(pid) ?? []));
    return { cpuMs: this.#cpu.total(waited - this.#plan.waited), peakMemory: this.#peakMemory };
  }

  async #sampleNowAndThen(): Promise<void> {
    for (let count = 0; await this.#isGoingOnAfter(pauses[count] ?? lastPause); count++) this.sample();
  }

  #isGoingOnAfter(pause: number): Promise<boolean> {
    return this.#plan.clock.sleep(pause, this.#over.signal).then(
      () => true,
      () => false,
    );
  }

  /** Who is known to be older than the leader by the number alone. */
  #elders(pids: readonly number[]): ReadonlySet<number> {
    if (mayHaveComeRound(this.#plan.clock.now() - this.#startedAt)) return new Set();
    return new Set(pids.filter((pid) => pid < this.#plan.tree.leader.pid));
  }

  #noteMemory(members: readonly { readonly pid: number }[]): void {
    const memories = members.flatMap(({ pid }) => memoryOf(pid) ?? []);
    if (memories.length === 0) return;
    const together = memories.reduce((sum, { resident }) => sum + resident, 0);
    const peak = Math.max(together, ...memories.map((memory) => memory.peak));
    if (peak >= leastMemory) this.#peakMemory = Math.max(this.#peakMemory ?? 0, peak);
  }
}
