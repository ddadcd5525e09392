import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Ended, type Running, start } from '../e2e/program.ts';

/** A shell on a machine where cronwright is installed and nothing of anybody's can be touched. */
export interface Shell {
  readonly path: string;
  readonly table: string;
  /** Runs a snippet until its first command that fails. */
  type(snippet: string): Promise<Ended>;
  /** The same, while it runs; killed with the test. */
  start(snippet: string): Running;
}

/** The table is a file: `plan` and `sync` are told so, because a crontab belongs to whoever runs the tests. */
const program = (launcher: string, table: string) => `#!/bin/sh
for word; do
  case $word in plan | sync) exec ${launcher} "$@" --target file:${table} ;; esac
done
exec ${launcher} "$@"
`;

export function newShell(t: TestContext, launcher: string): Shell {
  const path = mkdtempSync(join(tmpdir(), 'cronwright-docs-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  const [bin, table] = [join(path, 'bin'), join(path, 'table')];
  mkdirSync(bin);
  writeFileSync(join(bin, 'cronwright'), program(launcher, table), { mode: 0o755 });
  const env = {
    PATH: `${bin}:${process.env.PATH}`,
    HOME: path,
    LANG: 'C.UTF-8',
    CRONWRIGHT_FILE: join(path, 'jobs.yaml'),
    CRONWRIGHT_STATE: join(path, 'state'),
  };
  const typed = (snippet: string): Running => {
    const running = start(['sh', '-ec', snippet], { cwd: path, env });
    t.after(() => running.process.kill('SIGKILL'));
    return running;
  };
  return { path, table, type: (snippet) => typed(snippet).ended, start: typed };
}
