import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { usualSettings } from '../../src/job/completed.ts';
import type { JobId } from '../../src/job/job.ts';
import type { JobTimes } from '../../src/schedule/calendar/job-calendar.ts';
import { parseSchedule } from '../../src/schedule/parse.ts';
import type { Schedule } from '../../src/schedule/schedule.ts';

/** A directory of a test's own. */
export function directory(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'crontab-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A program that stands in for crontab: `body` is a shell script, `$store` a file for its table. */
export function stub(t: TestContext, body: string): { readonly program: string; readonly store: string } {
  const path = directory(t);
  const [program, store] = [join(path, 'crontab'), join(path, 'store')];
  writeFileSync(program, `#!/bin/sh\nstore=${store}\n${body}\n`, { mode: 0o755 });
  return { program, store };
}

/** A crontab that does what cronie's does: it stores and lists bytes as they are. */
export const honest = `case "$1" in
-l) cat "$store" 2>/dev/null || { echo "no crontab for tester" >&2; exit 1; } ;;
-) cat >"$store" ;;
-r) rm "$store" ;;
-e) $VISUAL "$store" ;;
esac`;

/** The system's own crontab program, with a spool directory that only it sees: no table of this machine is touched. */
export interface RealCrontab {
  readonly program: string;
  /** The stored file; undefined where there is none. */
  stored(): Buffer | undefined;
  /** Puts a file into the spool past the program, as people do. */
  place(bytes: Buffer): void;
}

/** The real program, or undefined, with the test skipped, where it cannot be had; in CI that is a failure. */
export function realCrontab(t: TestContext): RealCrontab | undefined {
  const path = directory(t);
  const spool = ['/var/spool/cron/crontabs', '/var/spool/cron'].find(existsSync) ?? '/var/spool/cron/crontabs';
  const [program, own] = [join(path, 'crontab'), join(path, 'spool')];
  mkdirSync(own);
  const unshare = userInfo().uid === 0 ? 'unshare --mount' : 'unshare --mount --map-root-user';
  const inside = `mount --bind ${own} ${spool} && exec crontab "$@"`;
  writeFileSync(program, `#!/bin/sh\nexec ${unshare} sh -c '${inside}' crontab "$@"\n`, { mode: 0o755 });
  const file = join(own, 'root');
  try {
    execFileSync(program, ['-'], { input: '# a table\n', stdio: ['pipe', 'ignore', 'ignore'] });
    rmSync(file);
  } catch (error) {
    if (process.env.CI !== undefined) throw error;
    t.skip('there is no crontab program here that can be given a spool of its own');
    return undefined;
  }
  return {
    program,
    stored: () => (existsSync(file) ? readFileSync(file) : undefined),
    place: (bytes) => writeFileSync(file, bytes, { mode: 0o600 }),
  };
}

export function schedule(text: string): Schedule {
  const parsed = parseSchedule(text);
  if (parsed.ok) return parsed.schedule;
  throw new Error(`${text}: ${parsed.problem.message}`);
}

export const jobNamed = (name: string): JobId => `shop/${name}` as JobId;

/** When a job runs, as far as a test does not say it: plainly, on the clock of its host. */
export function timesOf(schedules: readonly string[], changes: Partial<JobTimes> = {}): JobTimes {
  const { timezone, dst, jitter, start, end, except } = usualSettings;
  const usual = { id: jobNamed('backup'), timezone, dst, jitter, start, end, except };
  return { ...usual, schedule: schedules as JobTimes['schedule'], ...changes };
}
