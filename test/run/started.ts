import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { type Leader, leaderOf, type Tree } from '../../src/run/tree.ts';
import { fixture, isAlive, sweep, until } from './rig.ts';

export const onLinux = { skip: process.platform === 'linux' ? false : 'only Linux shows the processes of a system' };

/** A fixture in its own session, running and past its first word. */
export async function start(context: TestContext, name: string, env: Record<string, string>): Promise<number> {
  const stdio = ['ignore', 'pipe', 'ignore'] as const;
  const child = spawn(fixture(name), { env: { PATH: '/usr/bin:/bin', ...env }, detached: true, stdio: [...stdio] });
  context.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child.pid ?? 0;
}

/** A fixture as an attempt starts it, known from its very first moment. */
export interface StartedTree {
  readonly tree: Tree & { readonly leader: Leader };
  /** Resolves when the direct child has ended and was waited for. */
  readonly ended: Promise<unknown>;
  /** The process id that it prints after `ready`. */
  readonly child: () => Promise<number>;
  /** What it has printed so far. */
  readonly text: () => string;
}

export function startTree(context: TestContext, name: string, args: readonly (string | number)[] = []): StartedTree {
  const run = randomUUID();
  const env = { PATH: '/usr/bin:/bin', CRONWRIGHT_RUN: run };
  const stdio = ['ignore', 'pipe', 'ignore'] as const;
  const child = spawn(fixture(name), args.map(String), { env, detached: true, stdio: [...stdio] });
  const leader = leaderOf(child.pid ?? 0);
  const ended = once(child, 'exit');
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (piece) => {
    text += piece;
  });
  const ready = /ready (\d+)\n/;
  const pid = () => Number(ready.exec(text)?.[1] ?? 0);
  context.after(async () => {
    await sweep(run);
    if (pid() > 0 && isAlive(pid())) process.kill(pid(), 'SIGKILL');
    child.stdout.destroy();
  });
  const found = async () => {
    await until('it says ready and a process id', () => ready.test(text));
    return pid();
  };
  return { tree: { run, leader }, ended, child: found, text: () => text };
}
