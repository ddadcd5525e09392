import { existsSync } from 'node:fs';
import { type Launcher, lineCommand } from '../../crontab/line.ts';
import { runProgram } from '../../crontab/program.ts';
import type { Variables } from '../../job/environment.ts';
import { doubtful, fine, type HealthFinding } from './finding.ts';

/** A Node.js, as the launcher finds it. */
export interface Runtime {
  /** Absolute, without symbolic links. */
  readonly node: string;
  /** Such as `v24.21.0`. */
  readonly version: string;
}

/** Milliseconds. */
const longestStart = 20_000;

/**
 * The Node.js with which cron starts the lines of a launcher, whatever that of this process is; undefined where it does
 * not say.
 * @param environment that of cron there.
 */
export async function runtimeOf(launcher: Launcher, environment: Variables): Promise<Runtime | undefined> {
  const { SHELL = '/bin/sh', HOME = '/' } = environment;
  const env = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, value ?? '']));
  const command = lineCommand(launcher, ['run', '--probe']);
  const cwd = existsSync(HOME) ? HOME : '/';
  const result = await runProgram([SHELL, '-c', command], { timeout: longestStart, env, bare: true, cwd });
  const [, node, version] = /^(\/.*) (v\d+\.\d+\.\d+\S*)$/m.exec(result.stdout.toString()) ?? [];
  return node === undefined || version === undefined ? undefined : { node, version };
}

/** Where a program does not stay, and what takes it away. */
const fleeting: readonly (readonly [place: RegExp, why: string])[] = [
  [/\/fnm_multishells\//, 'fnm makes that for one shell, and it is gone with the shell'],
  [/\/(?:\.nvm|nvm\/versions)\//, 'nvm uninstall takes it away'],
  [/\/(?:\.fnm|fnm\/node-versions)\//, 'fnm uninstall takes it away'],
  [/\/\.volta\//, 'volta takes it away when it has a newer one'],
  [/\/\.asdf\//, 'asdf uninstall takes it away'],
  [/\/(?:\.?mise|\.?rtx)\/(?:installs|shims)\//, 'mise prune takes it away'],
  [/\/\.nodenv\//, 'nodenv uninstall takes it away'],
  [/^\/(?:home\/[^/]+|root)\/(?:\.?n)\/(?:bin|n\/versions|versions)\//, 'n takes it away when it installs another'],
  [/\/_npx\//, 'npx keeps that in its cache, which npm cleans'],
  [/^\/(?:var\/)?tmp\//, 'that is cleaned when the machine starts, or after some days'],
  [/^\/(?:run|dev\/shm)\//, 'that is gone when the machine is off'],
];

/** Why a program may be gone one day; undefined where it may be expected to stay. */
export function whyFleeting(path: string): string | undefined {
  return fleeting.find(([place]) => place.test(path))?.[1];
}

/** Whether the launcher, and the Node.js that it starts, stay where they are. */
export function lastingRuntime({ path }: Launcher, runtime: Runtime | undefined): readonly HealthFinding[] {
  const used = runtime === undefined ? [path] : [path, runtime.node];
  const found = used.flatMap((program) => {
    const why = whyFleeting(program);
    return why === undefined ? [] : [vanishing(program, why)];
  });
  if (found.length > 0 || runtime === undefined) return found;
  return [fine('runtime', `cron starts cronwright with Node.js ${runtime.version}, ${runtime.node}`)];
}

function vanishing(program: string, why: string): HealthFinding {
  const message = `cron starts ${program}, and ${why}; then no job starts any more`;
  const remedy =
    'install cronwright, with a Node.js of the system or beside it, where it stays, such as /usr/local; then cronwright sync';
  return doubtful('runtime', message, remedy);
}
