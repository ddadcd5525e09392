import type { Plan } from '../../src/crontab/plan.ts';
import type { Job, JobId } from '../../src/job/job.ts';
import type { Problem } from '../../src/job/problem.ts';
import type { Page } from '../../src/terminal/page.ts';
import { type PlanView, planView } from '../../src/terminal/plan-view.ts';
import { makeStyle } from '../../src/terminal/style.ts';
import type {
  FindingView,
  JobRowView,
  JobView,
  LogView,
  RunView,
  SettingsView,
  TimeView,
} from '../../src/terminal/views.ts';
import { jobOf } from '../store/rig.ts';

/** 09:30 in Berlin, where all of these stand. */
export const now = Date.parse('2026-11-24T09:30:00+01:00');

/** A page without colour. */
export function pageOf(width = 80): Page {
  return { style: makeStyle(false), width, now };
}

export function runView(changes: Partial<RunView> = {}): RunView {
  return {
    run: '01kav2m4x7q2f',
    job: 'shop/backup',
    slot: '2026-11-24T03:00:00+01:00',
    trigger: 'schedule',
    state: 'succeeded',
    attempts: 1,
    startedAt: '2026-11-24T03:00:01+01:00',
    endedAt: '2026-11-24T03:12:35+01:00',
    durationMs: 754_000,
    exitCode: 0,
    signal: null,
    reason: null,
    cpuMs: null,
    peakMemory: null,
    progress: null,
    continues: null,
    firstSlot: null,
    slots: 1,
    ...changes,
  };
}

function jobRow(changes: Partial<JobRowView>): JobRowView {
  return {
    job: 'shop/backup',
    schedule: '0 3 * * *',
    timezone: 'Europe/Berlin',
    words: 'every day at 03:00',
    state: 'scheduled',
    next: '2026-11-25T03:00:00+01:00',
    last: null,
    current: null,
    paused: null,
    ...changes,
  };
}

const { run, state, startedAt, durationMs, exitCode } = runView();
const last = { run, state, startedAt, durationMs, exitCode };

export const jobRows: readonly JobRowView[] = [
  jobRow({ last }),
  jobRow({
    job: 'shop/cleanup-sessions',
    words: 'every 15 minutes',
    next: '2026-11-24T09:45:00+01:00',
    last: { ...last, state: 'failed', exitCode: 3, startedAt: '2026-11-24T09:15:00+01:00' },
  }),
  jobRow({
    job: 'shop/export-orders-to-the-warehouse',
    words: 'on the 1st and the 15th of every month at 04:30 and at 16:30',
    next: '2026-12-01T04:30:00+01:00',
    state: 'running',
    last,
    current: {
      run: '01kav2m4x7q30',
      state: 'running',
      startedAt: '2026-11-24T09:26:55+01:00',
      progress: 0.409,
      until: null,
    },
  }),
  jobRow({
    job: 'shop/mirror',
    words: 'every hour',
    next: '2026-11-24T10:00:00+01:00',
    state: 'waiting',
    current: {
      run: '01kav2m4x7q31',
      state: 'waiting',
      startedAt: '2026-11-24T09:29:15+01:00',
      progress: null,
      until: null,
    },
  }),
  jobRow({ job: 'shop/warm-up', words: 'at the start of the machine', next: null }),
];

export const runRows: readonly RunView[] = [
  runView({
    state: 'running',
    endedAt: null,
    durationMs: null,
    exitCode: null,
    startedAt: '2026-11-24T09:26:55+01:00',
    progress: 0.4,
  }),
  runView({ run: '01kav2m4x7q2e', state: 'failed', exitCode: 3, attempts: 3, durationMs: 4_210 }),
  runView({ run: '01kav2m4x7q2d', state: 'failed', exitCode: null, signal: 'SIGKILL', job: 'shop/cleanup-sessions' }),
  runView({ run: '01kav2m4x7q2c', state: 'timed-out', exitCode: null, durationMs: 3_600_400 }),
  runView({ run: '01kav2m4x7q2b', durationMs: 40 }),
];

const piece = { attempt: 1, at: '2026-11-24T03:00:02+01:00' } as const;

export const failedLog: LogView = {
  run: runView({ state: 'failed', exitCode: 3, attempts: 2, durationMs: 34_210, reason: 'exited with status 3' }),
  attempts: [
    {
      number: 1,
      startedAt: '2026-11-24T03:00:01+01:00',
      endedAt: '2026-11-24T03:00:03+01:00',
      end: 'was ended by SIGSEGV',
    },
    {
      number: 2,
      startedAt: '2026-11-24T03:00:33+01:00',
      endedAt: '2026-11-24T03:00:35+01:00',
      end: 'exited with status 3',
    },
  ],
  events: [
    {
      at: '2026-11-24T03:00:09+01:00',
      level: 'warning',
      message: 'cron started this slot again; it was not run twice',
    },
  ],
  told: [
    { to: ['ops@shop.example'], state: 'waiting', sentAt: null, error: 'mail.shop.example:587 refused' },
    { to: ['web@shop.example'], state: 'sent', sentAt: '2026-11-24T03:01:00+01:00', error: null },
  ],
  output: [
    { ...piece, stream: 'stdout', text: 'copying orders\n' },
    { ...piece, stream: 'stderr', text: 'ERROR: \u001b]0;title\u0007disk full\r\n' },
  ],
  omittedBytes: 12_345,
  result: null,
};

/** Runs that ended on the way, with what they cost as far as it is known. */
export const costlyRows: readonly RunView[] = [
  runView({ cpuMs: 65_230, peakMemory: 47_185_920 }),
  runView({
    run: '01kav2m4x7q2e',
    state: 'cancelled',
    exitCode: null,
    reason: 'was cancelled by ann on db1',
    cpuMs: 0,
  }),
  runView({
    run: '01kav2m4x7q2d',
    state: 'skipped',
    exitCode: null,
    durationMs: 0,
    attempts: 0,
    reason: 'run 01kav2m4x7q2c (process 4711, started 3 minutes before) was still going',
  }),
  runView({
    run: '01kav2m4x7q2b',
    state: 'interrupted',
    exitCode: null,
    reason: 'was interrupted: its wrapper is gone; nobody knows how its task ended',
  }),
  runView({ run: '01kav2m4x7q2a', state: 'waiting', endedAt: null, durationMs: null, exitCode: null, attempts: 0 }),
  runView({
    run: '01kav2m4x7q29',
    state: 'failed',
    exitCode: null,
    reason: 'could not be started: there is no user shop',
  }),
];

export const quietLog: LogView = {
  run: runView({ trigger: 'manual', slot: null }),
  attempts: [{ number: 1, startedAt: runView().startedAt, endedAt: runView().endedAt, end: 'succeeded' }],
  events: [],
  told: [],
  output: [],
  omittedBytes: 0,
  result: null,
};

export const runningLog: LogView = {
  ...quietLog,
  run: runView({ state: 'running', endedAt: null, durationMs: null, exitCode: null }),
  attempts: [{ number: 1, startedAt: runView().startedAt, endedAt: null, end: null }],
};

export const usualSettings: SettingsView = {
  user: '',
  umask: null,
  nice: 0,
  stdin: { kind: 'empty' },
  overlap: 'skip',
  waitUpToMs: 3_600_000,
  successExit: [0],
  failWhen: { stderr: false, outputMatches: '' },
  output: { keepBytes: 131_072, file: '', rotate: { sizeBytes: 10_485_760, keep: 5 } },
  labels: [],
  dst: { skipped: 'as-cron', repeated: 'as-cron' },
  jitter: { offsetMs: 0, delayMs: 0 },
  start: '',
  end: '',
  except: [],
  missed: 'ignore',
  startDeadlineMs: 86_400_000,
  lateAfterMs: 0,
  warnAfterMs: 0,
};

/** None of them as most jobs have it. */
export const unusualSettings: SettingsView = {
  ...usualSettings,
  user: 'www-data',
  umask: '0027',
  nice: 10,
  stdin: { kind: 'file', path: '/srv/shop/list.txt' },
  overlap: 'wait',
  waitUpToMs: 600_000,
  successExit: [0, 24],
  failWhen: { stderr: true, outputMatches: 'ERROR|FATAL' },
  output: { keepBytes: 262_144, file: '/var/log/backup.log', rotate: { sizeBytes: 10_485_760, keep: 1 } },
};

/** A time of the clock in Berlin in winter. */
export function timeOf(wall: string, changes: Partial<TimeView> = {}): TimeView {
  return { at: `${wall}:00+01:00`, runs: true, kind: 'plain', wall, name: null, ...changes };
}

export const jobView: JobView = {
  ...usualSettings,
  job: 'shop/backup',
  description: 'Nightly copy of the shop database',
  owner: 'web team',
  schedule: ['0 3 * * *', '0 15 * * 0'],
  words: 'every day at 03:00, and every Sunday at 15:00',
  timezone: 'Europe/Berlin',
  paused: null,
  next: ['2026-11-25T03:00:00+01:00', '2026-11-26T03:00:00+01:00', '2026-11-27T03:00:00+01:00'],
  times: ['2026-11-25', '2026-11-26', '2026-11-27'].map((date) => timeOf(`${date}T03:00`)),
  hashed: [],
  offsetMs: 0,
  lines: [
    '0 3 * * * /usr/local/bin/cronwright run --scheduled shop/backup',
    '0 15 * * 0 /usr/local/bin/cronwright run --scheduled shop/backup',
  ],
  command: 'set -e\npg_dump shop >dump\n',
  cwd: '/srv/shop',
  env: { LEVEL: 'full', TITLE: 'two words', KEY: '${BACKUP_KEY}' },
  envFiles: ['/etc/shop/secrets'],
  timeoutMs: 5_400_000,
  graceMs: 10_000,
  retry: { attempts: 3, delayMs: 30_000, backoff: 'exponential', maxDelayMs: 600_000, jitter: 0.5, on: [1, 75] },
  notify: { on: ['failure'], to: ['ops@shop.example'] },
  file: '/etc/cronwright/jobs.yaml',
  revision: 7,
  installedAt: '2026-11-20T17:00:00+01:00',
  installedBy: 'ann',
  runs: runRows.slice(1, 3),
};

function stateOf(name: string, changes: Partial<Job> = {}, line = '0 3 * * *') {
  const words = changes.schedule === undefined ? 'every day at 09:00' : 'at every start of the machine';
  return { lines: [`${line} /usr/bin/cronwright run --scheduled shop/${name}`], words, spec: jobOf(name, changes) };
}

const longPath = '/srv/shop/scripts/export-orders-to-the-warehouse.php --verbose --all --since yesterday --format';

const samplePlan: Plan = {
  target: 'user',
  revision: 8,
  add: [
    {
      job: 'shop/warm-up' as JobId,
      before: null,
      after: stateOf('warm-up', {
        schedule: ['@reboot'],
        command: { kind: 'shell', line: 'curl -s localhost\nsleep 1\n' },
      }),
      fields: [],
    },
  ],
  change: [
    {
      job: 'shop/export' as JobId,
      before: stateOf('export', { command: { kind: 'shell', line: `php ${longPath} csv` }, timeout: 0 }),
      after: stateOf('export', {
        command: { kind: 'shell', line: `php ${longPath} xml` },
        env: { LEVEL: 'full' },
        timeout: 3_600_000,
        retry: { attempts: 3, delay: 30_000, backoff: 'fixed', maxDelay: 0, jitter: 0, on: 'any' },
        notify: { on: [], to: [] },
      }),
      fields: ['command', 'env', 'timeout', 'retry', 'notify'],
    },
  ],
  remove: [{ job: 'shop/old' as JobId, before: stateOf('old'), after: null, fields: [] }],
  unchanged: ['shop/backup' as JobId, 'shop/mail-report' as JobId],
  moved: [{ from: 'shop/report' as JobId, to: 'shop/mail-report' as JobId }],
  settings: ['mail', 'launcher', 'target'],
  leaves: ['file:/srv/old'],
  replaced: [
    { job: 'shop/warm-up' as JobId, target: 'user', line: 4, text: '# warm up' },
    { job: 'shop/warm-up' as JobId, target: 'user', line: 5, text: '@reboot curl -s localhost' },
    { job: 'shop/export' as JobId, target: '/etc/crontab', line: 17, text: '0 9 * * * www-data php export.php' },
  ],
  notFound: [{ job: 'shop/warm-up' as JobId, target: 'user', text: '@reboot curl -s web1' }],
  staysOut: [
    { job: 'shop/old' as JobId, target: 'user', text: '# the old export', snapshot: 7 },
    { job: 'shop/old' as JobId, target: 'user', text: '0 3 * * * php old.php', snapshot: 7 },
    { job: 'shop/old' as JobId, target: '/etc/crontab', text: '0 4 * * * root php old.php', snapshot: null },
  ],
  drift: [
    {
      kind: 'edited',
      line: 3,
      job: 'shop/backup' as JobId,
      wanted: '0 3 * * * /usr/bin/cronwright run --scheduled shop/backup',
      found: '0 4 * * * /usr/bin/cronwright run --scheduled shop/backup',
    },
    { kind: 'deleted', line: null, job: null, wanted: '* * * * * /usr/bin/cronwright tick', found: null },
    { kind: 'added', line: 9, job: null, wanted: null, found: '1 1 * * * /home/bob/own \u001b[2J' },
    {
      kind: 'moved-out',
      line: 12,
      job: 'shop/export' as JobId,
      wanted: '0 9 * * * /usr/bin/cronwright run --scheduled shop/export',
      found: '0 9 * * * /usr/bin/cronwright run --scheduled shop/export',
    },
    { kind: 'block-gone', line: null, job: null, wanted: null, found: null },
  ],
  unmanaged: 12,
  unmanagedEntries: Array.from({ length: 12 }, (_, at) => ({
    line: at + 20,
    text: `${at} 3 * * * /home/bob/own ${at}`,
  })),
};

export const planSample: PlanView = planView(samplePlan);

export const findingViews: readonly FindingView[] = [
  { group: 'cron', check: 'daemon', state: 'ok', message: 'cron is running', remedy: null },
  {
    group: 'cron',
    check: 'daemon',
    state: 'unknown',
    message: 'whether cron runs cannot be seen here: there is no /proc',
    remedy: 'look for cron with ps',
  },
  {
    group: 'jobs',
    check: 'table',
    state: 'problem',
    message: 'shop is not in the table user as it was installed; lines that differ: 2',
    remedy: 'cronwright plan shows the lines, cronwright sync puts them right',
  },
  {
    group: 'jobs',
    check: 'tick',
    state: 'warning',
    message: 'no tick has come yet; the first is due within a minute of sync',
    remedy: 'look again in a minute',
  },
];

export function problem(changes: Partial<Problem> = {}): Problem {
  return {
    file: 'jobs.yaml',
    line: 12,
    column: 5,
    length: 7,
    source: '    comand: php cleanup.php',
    severity: 'error',
    code: 'unknown-key',
    message: 'found the key comand, expected one of command, schedule, description',
    hint: 'did you mean command?',
    ...changes,
  };
}

export const invalid = {
  valid: false,
  jobs: 3,
  problems: [
    problem({ column: 5, length: 6 }),
    problem({
      line: 104,
      severity: 'warning',
      code: 'schedule-rare',
      column: 111,
      length: 9,
      source: `\tschedule: "0 3 * * *" # ${'a long remark that goes on '.repeat(3)}and 30 2 30 2 ends`,
      message: 'found 30 February, which no year has: this job would never run, and nobody would be told of it',
      hint: undefined,
    }),
  ],
};
