import type { ProcessEntry } from '../../src/run/process-table.ts';

/** Process ids are 1 to this number, so few that they come round again and again. */
const lastId = 7;

interface Process extends ProcessEntry {
  /** Whether it descends from the task's direct child: what nobody can see on a real system. */
  readonly ours: boolean;
  readonly carries: boolean;
}

/** What one process may do. */
export const deeds = ['fork', 'become a session', 'forget its environment', 'exit', 'wait'] as const;
export type Deed = (typeof deeds)[number];

/** As much of a kernel as decides who may have which number: POSIX, fork, setsid and _exit. */
export class Kernel {
  readonly wrapper = 1;
  #processes: readonly Process[];
  #latest = 2;
  #born = 2;

  /** The wrapper, and a stranger in a session of its own. */
  constructor() {
    const strange = { ours: false, carries: false };
    this.#processes = [
      { ...blank, ...strange, pid: 1, parent: 0, group: 1, session: 1, born: 1 },
      { ...blank, ...strange, pid: 2, parent: 1, group: 2, session: 2, born: 2 },
    ];
  }

  get table(): readonly ProcessEntry[] {
    return this.#processes;
  }

  /** The processes that descend from the task's direct child. */
  get ours(): readonly Process[] {
    return this.#processes.filter(({ ours, zombie }) => ours && !zombie);
  }

  carries(pid: number): boolean {
    return this.#processes.some((process) => process.pid === pid && process.carries && !process.zombie);
  }

  /** Starts the task's direct child, as the leader of a session. */
  startTask(): ProcessEntry {
    this.#fork(this.#processes[0] as Process, { ours: true, carries: true });
    const leader = this.#processes.at(-1) as Process;
    this.do(leader.pid, 'become a session');
    return leader;
  }

  /** Lets a living process other than the wrapper do something; the wrapper does nothing but wait for its children. */
  do(pid: number, deed: Deed): void {
    const process = this.#processes.find((each) => each.pid === pid);
    if (process === undefined || process.zombie) return;
    if (deed === 'wait') this.#wait(process);
    else if (pid === this.wrapper) return;
    else if (deed === 'fork') this.#fork(process, {});
    else if (deed === 'exit') this.#exit(process);
    else if (deed === 'forget its environment') this.#change(process, { carries: false });
    else if (process.group !== pid) this.#change(process, { group: pid, session: pid });
  }

  #fork(parent: Process, changes: Partial<Process>): void {
    const pid = this.#nextId();
    if (pid === undefined) return;
    this.#processes = [...this.#processes, { ...parent, pid, parent: parent.pid, born: ++this.#born, ...changes }];
  }

  /** The next number that is neither a process's nor that of a group or session which still has a member. */
  #nextId(): number | undefined {
    const taken = new Set(this.#processes.flatMap(({ pid, group, session }) => [pid, group, session]));
    const ids = Array.from({ length: lastId }, (_, index) => ((this.#latest + index) % lastId) + 1);
    const id = ids.find((each) => !taken.has(each));
    this.#latest = id ?? this.#latest;
    return id;
  }

  /** The first process waits for whatever becomes its child, at once. */
  #exit(process: Process): void {
    this.#processes = this.#processes.map((each) => (each.parent === process.pid ? { ...each, parent: 1 } : each));
    this.#change(process, { zombie: true, carries: false });
    this.#wait(this.#processes[0] as Process);
  }

  #wait({ pid }: Process): void {
    this.#processes = this.#processes.filter(({ zombie, parent }) => !(zombie && parent === pid));
  }

  #change(process: Process, changes: Partial<Process>): void {
    this.#processes = this.#processes.map((each) => (each.pid === process.pid ? { ...each, ...changes } : each));
  }
}

const blank = { name: 'a', zombie: false, cpu: 0, childCpu: 0 };
