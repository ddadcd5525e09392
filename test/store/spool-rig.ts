import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { JobId } from '../../src/job/job.ts';
import type { RecordedRun, RunRecord } from '../../src/store/record.ts';
import { makeStateDirectory } from '../../src/store/state.ts';
import { skipWithout } from '../schedule/requirement.ts';
import { morning, newPath, nobody } from './rig.ts';

export const backup = 'shop/backup' as JobId;

/** The user nobody on every Linux. */
export const other = 65_534;

export const skipUnlessRoot = skipWithout(userInfo().uid === 0, 'root');

/** Mounts of its own need root, and leave that some containers do not give. */
export const skipUnlessMounts = skipWithout(spawnSync('unshare', ['-m', 'true']).status === 0, 'mounts of its own');

/** Where launches of a state directory lie when it has no room: beside it, and in the places that all users share. */
export function otherPlaces(state: string): readonly string[] {
  const shared = ['/var/tmp', '/dev/shm'].filter((parent) => existsSync(parent));
  return [`${state}.spool`, ...shared.map((parent) => join(parent, `cronwright-${userInfo().uid}`, keyOf(state)))];
}

function keyOf(state: string): string {
  return encodeURIComponent(state);
}

/** A state directory of a test's own. What the test leaves in the shared places goes with it. */
export function newState(t: TestContext): string {
  const state = newPath(t);
  makeStateDirectory(state);
  t.after(() => {
    for (const place of otherPlaces(state)) rmSync(place, { recursive: true, force: true });
  });
  return state;
}

/** A record of a run that is over and went well, or as changed. */
export function recordOf(changes: Partial<RecordedRun> = {}, rest: Partial<Omit<RunRecord, 'run'>> = {}): RunRecord {
  const run: RecordedRun = {
    run: 'spooled',
    job: backup,
    revision: 1,
    slot: morning,
    trigger: 'schedule',
    state: 'succeeded',
    attempts: 1,
    startedAt: morning + 10,
    endedAt: morning + 500,
    exitCode: 0,
    signal: null,
    reason: null,
    cpuMs: 20,
    peakMemory: 4096,
    stdoutBytes: 6,
    stderrBytes: 0,
    cancelBy: null,
    retryAt: null,
    retryAttempt: null,
    continues: null,
    progress: null,
    result: null,
    taskPid: null,
    taskBorn: null,
    ...nobody,
    ...changes,
  };
  return { format: 1, run, attempts: [], output: [], events: [], mails: [], ...rest };
}

/** A record of a run that goes on, held by nobody unless changed. */
export function openRecordOf(changes: Partial<RecordedRun> = {}): RunRecord {
  return recordOf({ state: 'running', attempts: 0, endedAt: null, exitCode: null, cpuMs: null, ...changes });
}

/** Output of so many bytes. */
export function outputOfSize(size: number): RunRecord['output'] {
  const bytes = Buffer.alloc(size, 'x').toString('base64');
  return [{ seq: 1, attempt: 1, stream: 'stdout', at: morning, bytes }];
}

/** Shell lines that make a directory read-only. */
export function readOnly(directory: string): string {
  return `mount --bind "${directory}" "${directory}"\nmount -o remount,bind,ro "${directory}"`;
}

/** The words that start a program of test/fixtures/store in a mount namespace of its own, behind a shell script there. */
function wordsAmongMounts(script: string, program: string, args: readonly string[]): readonly string[] {
  const path = fileURLToPath(new URL(`../fixtures/store/${program}.ts`, import.meta.url));
  return ['-m', 'sh', '-euc', `${script}\nexec "$@"`, 'sh', process.execPath, path, ...args];
}

/** Runs a program among mounts that nobody else sees. Returns the JSON values that it says, one a line. */
export function amongMounts(script: string, program: string, args: readonly string[]): readonly unknown[] {
  const { status, stdout, stderr } = spawnSync('unshare', wordsAmongMounts(script, program, args), {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${program} failed: ${stderr}`);
  return linesOf(stdout).map((line) => JSON.parse(line));
}

/** Starts a program once for each script, and lets all of them go at the same moment. Returns what each of them says. */
export async function raceAmongMounts(
  t: TestContext,
  scripts: readonly string[],
  program: string,
  args: readonly string[],
): Promise<readonly (readonly string[])[]> {
  const children = scripts.map((script) => {
    const child = spawn('unshare', wordsAmongMounts(script, program, args), { stdio: ['pipe', 'pipe', 'inherit'] });
    t.after(() => child.kill('SIGKILL'));
    return child;
  });
  for (const { stdout } of children) assert.equal(String((await once(stdout, 'data'))[0]), 'ready\n');
  const said = children.map(({ stdout }) => text(stdout));
  for (const { stdin } of children) stdin.end('go\n');
  return (await Promise.all(said)).map(linesOf);
}

function linesOf(said: string): readonly string[] {
  return said.split('\n').filter((line) => line !== '');
}
