import { existsSync } from 'node:fs';
import type { Account } from '../job/account.ts';
import type { Command, Stdin } from '../job/job.ts';
import { argvOf } from './argv.ts';
import { directoryProblem, failure, found, inputProblem, inputSentence, missing, type Program } from './not-started.ts';
import type { NotStarted, ProcessEnd } from './outcome.ts';
import type { Take } from './reader.ts';

/** What is done under the other account. */
export interface BecomingPlan {
  readonly command: Command;
  /** Absolute path. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: Stdin;
}

/** How a process becomes another account and then the task. */
export interface Becoming {
  readonly file: string;
  readonly args: readonly string[];
  /** Where it starts: the directory of the task may be closed to root. */
  readonly cwd: string;
  readonly report: ShimReport;
}

/** Where setpriv(1) of util-linux may lie. The task's PATH must not decide what root executes. */
const setprivPaths = ['/usr/bin/setpriv', '/bin/setpriv', '/usr/sbin/setpriv', '/sbin/setpriv'];

/** The absolute path of setpriv; undefined where it is not installed. */
export function setprivPath(): string | undefined {
  return setprivPaths.find((path) => existsSync(path));
}

/**
 * The program that runs a task under another account. setpriv gives it the account's supplementary groups, which Node's
 * own uid option drops, and becomes a shell, which does with that account's rights what comes before the task: it goes
 * to the directory, opens the standard input, and becomes the task.
 * @throws Error where setpriv is not installed.
 */
export function becoming(account: Account, plan: BecomingPlan): Becoming {
  const file = setprivPath();
  if (file === undefined) throw new Error(`setpriv, which a task needs to run as ${account.user}, is not installed`);
  // Loaded by need: most tasks become nobody else.
  const mark = process.getBuiltinModule('node:crypto').randomUUID();
  const input = plan.stdin.kind === 'file' ? plan.stdin.path : '';
  const identity = ['--reuid', String(account.uid), '--regid', String(account.gid), '--init-groups'];
  const args = [...identity, '/bin/sh', '-c', shim, 'cronwright', mark, plan.cwd, input, ...argvOf(plan.command)];
  return { file, args, cwd: '/', report: new ShimReport(mark, account) };
}

/**
 * What the shell does. $1 is the mark, $2 the directory, $3 the standard input, if any; then comes the command. It has
 * no variables of its own, because one of the same name in the environment would be changed for the task.
 *
 * Each step that may fail sets before what is reported when the shell ends. It does not end if the task begins.
 * `execfail` lets bash report it too. The events pipe takes the report: it is open to the task anyway.
 */
const shim = `
echo "$1 begun" >&3
trap 'echo "$1 directory" >&3' EXIT
cd "$2" 2>/dev/null || exit
unset PWD OLDPWD SHLVL
if [ -n "$3" ]; then
  trap 'echo "$1 input" >&3' EXIT
  { [ -f "$3" ] || [ -c "$3" ]; } && [ -r "$3" ] || exit
  exec <"$3"
fi
trap "echo $1 program \\$? >&3" EXIT
shift 3
command -v shopt >/dev/null && shopt -s execfail
exec "$@"
exit
`;

/** What POSIX shells return for a command that is not there; every other status means that it could not be executed. */
const notFound = 127;

/** Bytes that no line of the shell's has. */
const longestLine = 128;

/** What is read from the events pipe before the task's own events: how far its process came. */
export class ShimReport {
  readonly #mark: string;
  readonly #account: Account;
  #pending = Buffer.alloc(0);
  #isOver = false;
  /** The latest step, and the status that belongs to it. */
  #step: readonly string[] = [];

  constructor(mark: string, account: Account) {
    this.#mark = mark;
    this.#account = account;
  }

  /** Takes what came through the events pipe, and gives on what is the task's. */
  take(bytes: Uint8Array, give: Take): void {
    if (this.#isOver) {
      give(bytes);
      return;
    }
    this.#pending = Buffer.concat([this.#pending, bytes]);
    while (this.#readLine());
    if (!this.#mayFollow()) this.#giveRest(give);
  }

  /** The end of the process as the end of the task, if it became the task. */
  judge(end: ProcessEnd, { command, cwd, env, stdin }: BecomingPlan): ProcessEnd | NotStarted {
    if (end.kind === 'signalled') return end;
    const { user } = this.#account;
    const [step, status] = this.#step;
    switch (step) {
      case 'begun':
        return end;
      case 'directory':
        return failure('bad-cwd', `its directory ${cwd} ${directoryProblem(cwd) ?? `cannot be entered by ${user}`}`);
      case 'input': {
        const path = stdin.kind === 'file' ? stdin.path : '';
        return failure('other', inputSentence(path, inputProblem(path) ?? `cannot be read by ${user}`));
      }
      case 'program':
        return this.#noProgram({ file: argvOf(command)[0], cwd, env }, Number(status));
      default:
        return failure('other', `setpriv could not become ${user}: it exited with status ${end.status}`);
    }
  }

  #noProgram(program: Program, status: number): NotStarted {
    if (status === notFound) return failure('not-found', missing(program));
    return failure('not-executable', `${found(program) ?? program.file} may not be executed by ${this.#account.user}`);
  }

  #readLine(): boolean {
    const end = this.#pending.indexOf('\n');
    const line = this.#pending.toString('latin1', 0, end);
    if (end < 0 || !line.startsWith(`${this.#mark} `)) return false;
    this.#step = line.split(' ').slice(1);
    this.#pending = this.#pending.subarray(end + 1);
    return true;
  }

  /** Whether what is there may be the beginning of another line of the shell's. */
  #mayFollow(): boolean {
    const text = this.#pending.toString('latin1', 0, this.#mark.length);
    return this.#mark.startsWith(text) && this.#pending.length < longestLine;
  }

  #giveRest(give: Take): void {
    this.#isOver = true;
    give(this.#pending);
    this.#pending = Buffer.alloc(0);
  }
}
