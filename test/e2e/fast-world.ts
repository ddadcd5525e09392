import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { writeFile } from '../temporary.ts';
import { type CronWorld, canMakeCronWorld, makeCronWorld } from './cron-world.ts';
import { copyOfPackage, type Ended } from './program.ts';

/** The time of a world of its own. */
export interface FastTime {
  /** The zone of its host. */
  readonly zone: string;
  /** Where it begins, UTC milliseconds. */
  readonly start: number;
  /** How many times as fast as ours it passes, a whole number. */
  readonly speed: number;
}

/** A world whose host has a zone of its own, and in which cron and all that it starts go by a fast clock. */
export interface FastWorld {
  /** The state directory, seen from outside. */
  readonly state: string;
  /** Runs cronwright there. Until cron has begun, the clock stands at the start. */
  cronwright(...words: string[]): Promise<Ended>;
  table(): Promise<string>;
  /** Starts cron, and the clock with it. */
  startCron(): Promise<void>;
  stopCron(): Promise<void>;
  /** What its clock shows. */
  now(): number;
  /** The calls of the launcher there, each as its instant and its words. */
  calls(): readonly (readonly [at: number, words: string])[];
  /** What cron and the wrappers wrote to standard error. */
  complaints(): string;
}

/** Whether this machine can make one: what a world of cron needs, and Debian's library that gives a program another clock. */
export function canMakeFastWorld(): boolean {
  return canMakeCronWorld() && library() !== undefined;
}

function library(): string | undefined {
  const found = readdirSync('/usr/lib').map((triplet) => `/usr/lib/${triplet}/faketime/libfaketime.so.1`);
  return found.find((file) => existsSync(file));
}

export async function makeFastWorld(t: TestContext, home: string, time: FastTime): Promise<FastWorld> {
  const launcher = buildProgram(home, time);
  const world = await makeCronWorld(t, home);
  await giveHost(world, home, time.zone);
  const cron = writeFile(home, 'cron', cronScript(home, time), 0o755);
  const read = (name: string) => (existsSync(join(home, name)) ? readFileSync(join(home, name), 'utf8') : '');
  const inside = async (text: string) => {
    const { status, err } = await world.run('sh', '-c', text);
    if (status !== 0) throw new Error(`${text} failed: ${err}`);
  };
  return {
    state: join(world.varLib, 'cronwright'),
    cronwright: (...words) => world.run(launcher, ...words),
    table: () => world.table(),
    startCron: () =>
      inside(
        `setsid ${cron} </dev/null >/dev/null 2>>${home}/complaints & until [ -f /run/crond.pid ]; do sleep 0.05; done`,
      ),
    stopCron: () => inside('kill "$(cat /run/crond.pid)"'),
    now: () => time.start + (Date.now() - Number(read('began'))) * time.speed,
    calls: () => {
      const lines = read('calls').split('\n').slice(0, -1);
      return lines.map((line) => [Number(line.slice(0, line.indexOf(' '))), line.slice(line.indexOf(' ') + 1)]);
    },
    complaints: () => read('complaints'),
  };
}

/** An /etc of its own, in which the zone is set as Debian sets it, and a memory for the clocks that nobody else shares. */
async function giveHost(world: CronWorld, home: string, zone: string): Promise<void> {
  const etc = join(home, 'etc');
  cpSync('/etc', etc, { recursive: true, verbatimSymlinks: true });
  rmSync(join(etc, 'localtime'), { force: true });
  symlinkSync(`/usr/share/zoneinfo/${zone}`, join(etc, 'localtime'));
  writeFile(etc, 'timezone', `${zone}\n`);
  writeFile(etc, 'crontab', '');
  rmSync(join(etc, 'cron.d'), { recursive: true, force: true });
  mkdirSync(join(etc, 'cron.d'));
  const { status, err } = await world.run('sh', '-c', `mount --bind ${etc} /etc && mount -t tmpfs none /dev/shm`);
  if (status !== 0) throw new Error(`the host got no zone: ${err}`);
}

/** The built program, whose launcher looks at the world's clock before it begins. Returns its path. */
function buildProgram(home: string, time: FastTime): string {
  const copy = copyOfPackage(home);
  execFileSync(process.execPath, ['build.ts'], { cwd: copy, stdio: ['ignore', 'ignore', 'inherit'] });
  const [launcher, real] = [join(copy, 'bin/cronwright'), join(copy, 'bin/real')];
  renameSync(launcher, real);
  writeFile(join(copy, 'bin'), 'cronwright', launcherScript(home, real, time), 0o755);
  return launcher;
}

/** As root's own launcher, whose process goes at our speed from there: a wrapper asks for the time when it begins. */
function launcherScript(home: string, real: string, time: FastTime): string {
  return `#!/bin/sh
${clockOf(home, time)}
echo "$at $*" >>${home}/calls
export FAKETIME=$by LD_PRELOAD=${library()}
exec ${real} "$@" 2>>${home}/complaints
`;
}

function cronScript(home: string, time: FastTime): string {
  return `#!/bin/sh
date +%s%3N >${home}/now && mv ${home}/now ${home}/began
${clockOf(home, time)}
exec env FAKETIME="$by x${time.speed}" LD_PRELOAD=${library()} cron -f -L 0
`;
}

/**
 * Sets `at`, the world's instant, and `by`, its distance from ours in seconds, which no zone can read as anything else.
 * What the process above was given for a clock is forgotten. Times of files stay as they are: nothing there changes them.
 */
function clockOf(home: string, { start, speed }: FastTime): string {
  return `unset LD_PRELOAD FAKETIME FAKETIME_SHARED
export FAKETIME_DONT_FAKE_MONOTONIC=1 NO_FAKE_STAT=1
now=$(date +%s%3N)
began=$now
[ -f ${home}/began ] && read -r began <${home}/began
at=$(( ${start} + (now - began) * ${speed} ))
by=$(( at - now ))
sign=+
[ "$by" -lt 0 ] && sign=- && by=$(( -by ))
by=$sign$(( by / 1000 )).$(printf %03d $(( by % 1000 )))`;
}
