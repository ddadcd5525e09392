import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { start, until } from './program.ts';

/** The words that start a program in a namespace. */
export type Enter = (words: readonly string[]) => readonly [string, ...string[]];

const unshare = ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'] as const;

/**
 * Makes mounts and processes of their own, gone with the test.
 * @param script makes them, with `argument` as `$0`; then it prints `ready` and goes on until its input ends: it is the
 * first process there, and everything else ends with it.
 */
export async function enterable(t: TestContext, script: string, argument: string): Promise<Enter> {
  const holder = start([...unshare, 'sh', '-c', script, argument], { stdin: 'pipe' });
  t.after(() => {
    holder.process.kill('SIGKILL');
    return holder.ended;
  });
  await until('the world is made', () => holder.out() === 'ready\n' || holder.process.exitCode !== null);
  if (holder.process.exitCode !== null) throw new Error(`no world could be made: ${holder.err()}`);
  const { pid } = holder.process;
  const first = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim();
  return (words) => ['nsenter', '--target', first, '--mount', '--pid', ...words];
}
