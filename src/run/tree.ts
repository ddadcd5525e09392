import type { JobId } from '../job/job.ts';
import {
  groupAnswers,
  idLimit,
  isProcess,
  latestId,
  type ProcessEntry,
  processEntry,
  processIds,
  realAccount,
  startEnvironment,
} from './process-table.ts';

/** The direct child that an attempt started, and the session and the process group that it leads. */
export interface Leader {
  readonly pid: number;
  /** Its start in clock ticks since boot; 0 where the system does not tell, or it was gone before it could be asked. */
  readonly born: number;
}

/** What identifies the processes of one attempt. It means nothing after a reboot. */
export interface Tree {
  /** The run's id, which its processes carry as CRONWRIGHT_RUN. */
  readonly run: string;
  /** Undefined where only the run is known. */
  readonly leader: Leader | undefined;
}

/** A process that belongs to a tree. */
export interface LeftProcess {
  readonly pid: number;
  /** The name of its program alone: its arguments may hold a password, and this goes into records and mails. */
  readonly name: string;
}

/** What one look at the processes found of a tree. */
export interface Look {
  /** The living members, without this process. */
  readonly members: readonly ProcessEntry[];
  /** Whether the session with the leader's number is the task's own, and not that of a later process. */
  readonly sessionIsOurs: boolean;
}

/** What decides who belongs, beside the table of processes. */
export interface Evidence {
  /** Whether a process carries the tree's run. */
  readonly carries: (entry: ProcessEntry) => boolean;
  /** Whether the session was the task's own a moment ago. */
  readonly sessionWasOurs: boolean;
}

/**
 * Who belongs to a tree: whoever carries its run, and whoever is in its leader's session.
 *
 * A number alone proves nothing, because it comes round again. A session keeps its number as long as it has a member.
 * So it is the task's own while the leader is the process that was started, a zombie included, and it is not once the
 * number is another's. Where nobody has the number, it takes a member that carries the run, or an earlier look: a
 * stranger may have had that number too, and have left members of its session behind.
 */
export function membersOf(tree: Tree, processes: readonly ProcessEntry[], evidence: Evidence): Look {
  const { leader } = tree;
  const living = processes.filter(({ zombie }) => !zombie);
  const carriers = new Set(living.filter((entry) => mayCarry(entry, tree) && evidence.carries(entry)));
  const inSession = leader === undefined ? [] : living.filter(({ session }) => session === leader.pid);
  const there = processes.find(({ pid }) => pid === leader?.pid);
  const sessionIsOurs =
    there === undefined
      ? evidence.sessionWasOurs || inSession.some((entry) => carriers.has(entry))
      : there.born === leader?.born;
  const session = new Set(sessionIsOurs ? inSession : []);
  return { members: living.filter((entry) => carriers.has(entry) || session.has(entry)), sessionIsOurs };
}

/** Nobody inherits from a leader that is younger; so most of the environments of a system need not be read. */
function mayCarry({ born }: ProcessEntry, { leader }: Tree): boolean {
  return leader === undefined || born >= leader.born;
}

/** Looks at the processes of a tree; `before` is the look that this one follows. Without /proc it sees the group only. */
export function lookAt(tree: Tree, before?: Look): Look {
  const pids = processIds();
  return pids === undefined ? lookAtGroup(tree) : lookAmong(tree, pids, before);
}

/** Looks at a tree as if there were no other processes than these. */
export function lookAmong(tree: Tree, pids: readonly number[], before?: Look): Look {
  const entries = pids.flatMap((pid) => (pid === process.pid ? [] : (processEntry(pid) ?? [])));
  const carries = ({ pid }: ProcessEntry) => firstOf(startEnvironment(pid), runVariable) === tree.run;
  return membersOf(tree, entries, { carries, sessionWasOurs: before?.sessionIsOurs ?? false });
}

function lookAtGroup({ leader }: Tree): Look {
  if (leader === undefined || !groupAnswers(leader.pid)) return { members: [], sessionIsOurs: false };
  const { pid, born } = leader;
  const group = { name: 'its process group', zombie: false, parent: 0, group: pid, session: pid, cpu: 0, childCpu: 0 };
  return { members: [{ ...group, pid, born }], sessionIsOurs: true };
}

/** The living processes of a tree. Zombies do not count: in a container they may wait for ever for a parent. */
export function survivors(tree: Tree): readonly LeftProcess[] {
  return lookAt(tree).members.map(leftProcess);
}

/**
 * What is still running when the leader has just ended by itself, `lived` milliseconds after its start. After a short
 * run this costs two or three small files, whatever else runs on the system. It is for the record: a process in a session
 * of its own that is just being executed is missed.
 */
export function leftAfter(tree: Tree, lived: number): readonly LeftProcess[] {
  const justEnded: Look = { members: [], sessionIsOurs: true };
  const pids = idsSince(tree, lived);
  const { members } = pids === undefined ? lookAt(tree, justEnded) : lookAmong(tree, pids, justEnded);
  return members.filter(({ pid }) => pids === undefined || isProcess(pid)).map(leftProcess);
}

/** The numbers that were given away after the leader's, threads among them; undefined where all must be looked at. */
function idsSince({ leader }: Tree, lived: number): readonly number[] | undefined {
  const latest = latestId();
  if (leader === undefined || latest === undefined || mayHaveComeRound(lived)) return undefined;
  const count = latest - leader.pid;
  // A number below the leader's means that they did come round; and a listing is cheaper than many files that are not there.
  if (count < 0 || count > mostGuesses) return undefined;
  return Array.from({ length: count }, (_, index) => leader.pid + 1 + index);
}

const mostGuesses = 500;

/** More processes than any system starts in a millisecond. */
const fastestStarts = 100;

/** Whether the numbers of processes can have come round again within so many milliseconds. */
export function mayHaveComeRound(ms: number): boolean {
  // The clock may have been set, and what it measured be no time at all.
  return ms < 0 || (ms + 10) * fastestStarts >= (idLimit() ?? 0);
}

/** A process whose name may be anything: what would disturb a terminal or a line of text becomes a question mark. */
function leftProcess({ pid, name }: ProcessEntry): LeftProcess {
  return { pid, name: name.replaceAll(/\p{C}/gu, '?') };
}

/**
 * The processes that the runs of a job have started, told by their environments: for those who cannot ask the store.
 * None where there is no /proc.
 * @param accounts the ids of the accounts that the job's tasks may run under: any other may say what it likes of itself.
 */
export function tasksOfJob(job: JobId, accounts: readonly number[]): readonly JobTask[] {
  const others = (processIds() ?? []).filter((pid) => pid !== process.pid);
  return others.flatMap((pid) => {
    const environment = startEnvironment(pid);
    const run = firstOf(environment, runVariable);
    if (run === undefined || firstOf(environment, jobVariable) !== job) return [];
    return accounts.includes(realAccount(pid) ?? -1) ? [{ pid, run }] : [];
  });
}

/** A process of a job's run. */
export interface JobTask {
  readonly pid: number;
  readonly run: string;
}

const runVariable = 'CRONWRIGHT_RUN=';
const jobVariable = 'CRONWRIGHT_JOB=';

/** The first of a name counts, or one process could carry a million runs. */
function firstOf(environment: readonly string[], variable: string): string | undefined {
  return environment.find((entry) => entry.startsWith(variable))?.slice(variable.length);
}

/** When a living process was started, in clock ticks since boot; undefined where there is none, or no /proc. */
export function startTime(pid: number): number | undefined {
  const entry = processEntry(pid);
  return entry?.zombie === false ? entry.born : undefined;
}

/** The leader of a tree, asked before anybody can have waited for it. */
export function leaderOf(pid: number): Leader {
  return { pid, born: processEntry(pid)?.born ?? 0 };
}
