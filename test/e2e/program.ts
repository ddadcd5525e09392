import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

const root = join(import.meta.dirname, '../..');

/** What the package is made from. */
const sources = [
  'package.json',
  'tsconfig.json',
  'build.ts',
  'bin',
  'src',
  'docs',
  'jobs.example.yaml',
  'README.md',
  'LICENSE',
];

/** A copy of the working tree's package, with its dependencies, that a test may build without disturbing anybody. */
export function copyOfPackage(directory: string): string {
  const copy = join(directory, 'cronwright');
  for (const name of sources.filter((one) => existsSync(join(root, one)))) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** Builds the program for the tests of one file, gone when they are done. Returns the path of the launcher. */
export function builtProgram(): string {
  const directory = mkdtempSync(join(tmpdir(), 'cronwright-e2e-'));
  after(() => rmSync(directory, { recursive: true, force: true }));
  const copy = copyOfPackage(directory);
  execFileSync(process.execPath, ['build.ts'], { cwd: copy, stdio: ['ignore', 'ignore', 'inherit'] });
  return join(copy, 'bin/cronwright');
}

/** A program that has ended. */
export interface Ended {
  /** Null where a signal ended it. */
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** A program that runs, with what it wrote so far. */
export interface Running {
  readonly process: ChildProcess;
  out(): string;
  err(): string;
  readonly ended: Promise<Ended>;
}

export interface StartOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Variables beside those that every program here gets. */
  readonly also?: NodeJS.ProcessEnv;
  /** A pipe is open as long as this process lives; nothing to read if not given. */
  readonly stdin?: 'ignore' | 'pipe';
}

/** No colours, no state or jobs file of the person who runs the tests. */
const plain = { PATH: process.env.PATH, HOME: process.env.HOME, LANG: 'C.UTF-8' };

export function start([file, ...args]: readonly [string, ...string[]], options: StartOptions = {}): Running {
  const { env = plain, also = {}, cwd = '/', stdin = 'ignore' } = options;
  const child = spawn(file, args, { env: { ...env, ...also }, cwd, stdio: [stdin, 'pipe', 'pipe'] });
  const [out, err] = [collect(child.stdout), collect(child.stderr)];
  const ended = once(child, 'close').then(([status]) => ({ status: status as number | null, out: out(), err: err() }));
  return { process: child, out, err, ended };
}

/** Runs a program to its end. */
export function run(words: readonly [string, ...string[]], options: StartOptions = {}): Promise<Ended> {
  return start(words, options).ended;
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: Buffer[] = [];
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString();
}

/** Looks until `condition` holds; after `within` milliseconds the test has failed. */
export async function until(what: string, condition: () => boolean | Promise<boolean>, within = 20_000): Promise<void> {
  for (const end = performance.now() + within; !(await condition()); await delay(50)) {
    if (performance.now() > end) throw new Error(`waited in vain until ${what}`);
  }
}

/** Variables that move the clock of a program of ours, and of all that it starts, by so many milliseconds. */
export function clockMovedBy(milliseconds: number): NodeJS.ProcessEnv {
  const code = `const now = Date.now; Date.now = () => now() + ${milliseconds};`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` };
}
