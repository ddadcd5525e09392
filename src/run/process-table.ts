import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';

/** A process as proc_pid_stat(5) has it. */
export interface ProcessEntry {
  readonly pid: number;
  /** The name of its program, cut to 15 bytes by the kernel. */
  readonly name: string;
  /** It has ended, and its parent has not asked for its status yet. */
  readonly zombie: boolean;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** When it was started, in clock ticks since boot. With the id it names a process for good: ids come round again. */
  readonly born: number;
  /** Milliseconds of processor time, its own. */
  readonly cpu: number;
  /** The same of the children that it has waited for, and of theirs. */
  readonly childCpu: number;
}

/** Bytes of memory: what a process has now, and the most that it ever had since its program was started. */
export interface Memory {
  readonly resident: number;
  readonly peak: number;
}

/** Every number that /proc gives in clock ticks counts hundredths of a second, whatever the kernel's own clock does. */
const tick = 10;

/** Undefined where there is no such process, or no /proc. `self` is this one. */
export function processEntry(pid: number | 'self'): ProcessEntry | undefined {
  const text = read(`/proc/${pid}/stat`);
  return text === undefined ? undefined : parseEntry(text);
}

/** The line of proc_pid_stat(5). Its second field, the name, may itself hold blanks and parentheses. */
export function parseEntry(text: string): ProcessEntry {
  const end = text.lastIndexOf(')');
  // The third field is the first here.
  const fields = text.slice(end + 2).split(' ');
  const number = (field: number) => Number(fields[field - 3]);
  return {
    pid: Number.parseInt(text, 10),
    name: text.slice(text.indexOf('(') + 1, end),
    zombie: fields[0] === 'Z' || fields[0] === 'X',
    parent: number(4),
    group: number(5),
    session: number(6),
    born: number(22),
    cpu: (number(14) + number(15)) * tick,
    childCpu: (number(16) + number(17)) * tick,
  };
}

/** The ids of all processes, threads left out; undefined where there is no /proc. */
export function processIds(): readonly number[] | undefined {
  try {
    const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
    return pids.length > 0 ? pids : undefined;
  } catch {
    return undefined;
  }
}

/** Bytes. execve(2) takes no more, three quarters of 8 MiB; a process may claim any length for itself (prctl(2), PR_SET_MM). */
const mostEnvironment = 6 * 1024 * 1024;

/** The `CRONWRIGHT_…=value` that a process was started with; none where it has ended or belongs to somebody else. */
export function startEnvironment(pid: number): readonly string[] {
  return readStart(`/proc/${pid}/environ`, mostEnvironment)?.match(/(?<![^\0])CRONWRIGHT_[^\0]*/g) ?? [];
}

/** Undefined for a process that has ended, and for a thread that is not the first of its process. */
export function memoryOf(pid: number): Memory | undefined {
  const text = read(`/proc/${pid}/status`);
  const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(text ?? '')?.[1]);
  const [resident, peak] = [kilobytes('VmRSS'), kilobytes('VmHWM')];
  return Number.isNaN(resident + peak) ? undefined : { resident: resident * 1024, peak: peak * 1024 };
}

/** Whether a number is that of a process: a thread's has the same files in /proc, but does not stand in its listing. */
export function isProcess(pid: number): boolean {
  return read(`/proc/${pid}/status`)?.includes(`\nTgid:\t${pid}\n`) ?? false;
}

/** The number that was given away last: the fifth field of proc_loadavg(5). Undefined where there is no /proc. */
export function latestId(): number | undefined {
  return numberOf(read('/proc/loadavg')?.split(' ')[4]);
}

/** The number that no process reaches: counting begins again below it. Undefined where there is no /proc. */
export function idLimit(): number | undefined {
  return numberOf(read('/proc/sys/kernel/pid_max'));
}

/** Whether a process group has a member, zombies included: all that can be asked where there is no /proc. */
export function groupAnswers(group: number): boolean {
  try {
    return process.kill(-group, 0);
  } catch {
    return false;
  }
}

function numberOf(text: string | undefined): number | undefined {
  const number = Number.parseInt(text ?? '', 10);
  return Number.isNaN(number) ? undefined : number;
}

/** As UTF-8, though names and environments may be anything: Node reads a whole file so in half the time. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** The account that a process runs under, by the first id of `Uid:` in proc_pid_status(5). */
export function realAccount(pid: number): number | undefined {
  const uid = /^Uid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1];
  return uid === undefined ? undefined : Number(uid);
}

/** The beginning of a file whose length is for others to say. */
function readStart(path: string, most: number): string | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const chunks: Buffer[] = [];
    for (let length = 0; length < most; ) {
      const chunk = Buffer.allocUnsafe(64 * 1024);
      const count = readSync(file, chunk);
      if (count === 0) break;
      chunks.push(chunk.subarray(0, count));
      length += count;
    }
    return Buffer.concat(chunks).toString();
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
