import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import type { HealthFinding } from '../../../src/upkeep/health/finding.ts';
import { newPath } from '../../store/rig.ts';

/** A process as /proc has it. */
export interface Shown {
  readonly name: string;
  readonly environ?: string;
  /** The one that has started it; that of another machine if not given. */
  readonly parent?: number;
  /** In which container it is; in that of the test if not given, and hidden where it is null. */
  readonly container?: string | null;
}

/** A folder of processes, of which the first has the number 1. */
export function processes(t: TestContext, ...all: readonly Shown[]): string {
  const folder = newPath(t);
  for (const [pid, { name, environ = '', parent = 0, container = 'ours' }] of [{ name: 'me' }, ...all].entries()) {
    const own = join(folder, pid === 0 ? 'self' : String(pid));
    mkdirSync(join(own, 'ns'), { recursive: true });
    writeFileSync(join(own, 'status'), `Name:\t${name}\nUmask:\t0022\nPid:\t${pid}\nPPid:\t${parent}\n`);
    writeFileSync(join(own, 'environ'), environ);
    if (container !== null) symlinkSync(`pid:[${container}]`, join(own, 'ns/pid'));
  }
  return folder;
}

/** The beginning of a file system of the test's own, with these files by their paths there. */
export function newRoot(t: TestContext, files: Readonly<Record<string, string>> = {}): string {
  const root = newPath(t);
  mkdirSync(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text, { mode: 0o600 });
  }
  return root;
}

/** What is seen of a finding at a glance. */
export function verdict(finding: HealthFinding | undefined): readonly [string, string] | undefined {
  return finding && [finding.state, finding.message];
}

export const isRoot = process.geteuid?.() === 0;
