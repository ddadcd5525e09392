import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { run } from '../e2e/program.ts';
import { temporaryDirectory, writeFile } from '../temporary.ts';

/** Mounts that no other process sees, gone with the test. */
export interface Mounts {
  /** Runs lines of shell among them, as root. */
  change(script: string): Promise<void>;
  /** A program that starts `program` among them, with the words that it is given. */
  entrance(program: string): string;
  /** Where a path of theirs is found from here. */
  seen(path: string): string;
}

const directory = temporaryDirectory();
let entrances = 0;

/** Mounts as they are, but with /dev/shm and /var/tmp of their own, which other programs on this machine write to. */
export async function newMounts(t: TestContext): Promise<Mounts> {
  const own = 'mount -t tmpfs own /dev/shm && mount -t tmpfs own /var/tmp && echo ready && exec cat';
  // It ends when its standard input does, also where the test is killed.
  const keeper = spawn('unshare', ['--mount', 'sh', '-c', own], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => keeper.kill('SIGKILL'));
  await once(keeper.stdout, 'data');
  const enter = ['nsenter', `--mount=/proc/${keeper.pid}/ns/mnt`, '--'] as const;
  return {
    async change(script) {
      const { status, err } = await run([...enter, 'sh', '-euc', script]);
      if (status !== 0) throw new Error(`${script}\nexited with status ${status}: ${err}`);
    },
    entrance(program) {
      const lines = `#!/bin/sh\nexec ${enter.join(' ')} '${program}' "$@"\n`;
      return writeFile(directory, `entrance-${entrances++}`, lines, 0o755);
    },
    seen: (path) => join(`/proc/${keeper.pid}/root`, path),
  };
}
