import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ChangedPart, JobField, JobState } from '../../../src/crontab/job-changes.ts';
import type { Plan } from '../../../src/crontab/plan.ts';
import type { Job } from '../../../src/job/job.ts';
import { findings } from '../../../src/terminal/human/findings.ts';
import { job } from '../../../src/terminal/human/job.ts';
import { jobs } from '../../../src/terminal/human/jobs.ts';
import { log } from '../../../src/terminal/human/log.ts';
import { plan, synced } from '../../../src/terminal/human/plan.ts';
import { validation } from '../../../src/terminal/human/problems.ts';
import { endedRuns, runs } from '../../../src/terminal/human/runs.ts';
import { planView } from '../../../src/terminal/plan-view.ts';
import { makeStyle } from '../../../src/terminal/style.ts';
import type { RunView } from '../../../src/terminal/views.ts';
import { jobOf } from '../../store/rig.ts';
import {
  costlyRows,
  failedLog,
  findingViews,
  invalid,
  jobRows,
  jobView,
  now,
  pageOf,
  planSample,
  problem,
  quietLog,
  runningLog,
  runRows,
  runView,
  unusualSettings,
  usualSettings,
} from '../samples.ts';

/** Compares a text with what a person is to read; the expected text begins and ends with a line end of its own. */
function reads(actual: string, expected: string): void {
  assert.equal(`\n${actual.replace(/\n$/, '')}\n`, expected);
}

const page = pageOf();

suite('the jobs', () => {
  test('are a table with what comes next and how it went last', () => {
    reads(
      jobs(jobRows, page),
      `
JOB                     SCHEDULE                 NEXT    LAST
shop/backup             every day at 03:00       in 17h  succeeded 6h ago
shop/cleanup-sessions   every 15 minutes         in 15m  failed (3) 15m ago
shop/export-orders-to…  on the 1st and the 15t…  in 6d   running 40%, for 3m 05s
shop/mirror             every hour               in 30m  waiting for 45s
shop/warm-up            at the start of the ma…  -       never
`,
    );
  });

  test('may be none, which says what to do', () => {
    reads(jobs([], page), '\nno jobs are installed; cronwright sync installs those of a jobs file\n');
  });

  test('are shown one by one with all that was installed, only what is copied being broader than the page', () => {
    reads(
      job(jobView, page, usualSettings),
      `
shop/backup
  description  Nightly copy of the shop database
  owner        web team
  schedule     0 3 * * * | 0 15 * * 0
  in words     every day at 03:00, and every Sunday at 15:00 (Europe/Berlin)
  next         2026-11-25 03:00, 2026-11-26 03:00, 2026-11-27 03:00
  command      set -e
               pg_dump shop >dump
  directory    /srv/shop
  environment  LEVEL=full TITLE="two words" KEY="\${BACKUP_KEY}"
  env files    /etc/shop/secrets
  timeout      1h 30m, then TERM, and KILL after 10s
  retry        up to 3 attempts, 30s apart, doubling up to 10m 00s, each up to
               50% longer, on exit status 1, 75
  told         on failure to ops@shop.example
  crontab      0 3 * * * /usr/local/bin/cronwright run --scheduled shop/backup
               0 15 * * 0 /usr/local/bin/cronwright run --scheduled shop/backup
  installed    revision 7, 2026-11-20 17:00:00 by ann, from
               /etc/cronwright/jobs.yaml

RUN            STARTED           TOOK     STATE
01kav2m4x7q2e  2026-11-24 03:00  4.2s     failed (3), 3 tries
01kav2m4x7q2d  2026-11-24 03:00  12m 34s  failed (SIGKILL)
`,
    );
  });

  test('that nobody has mail for say so, and what is not set is not shown', () => {
    const bare = { ...jobView, owner: '', env: {}, notify: { on: ['failure'], to: [] }, runs: [] };
    const text = job(bare, page, usualSettings);
    assert.match(text, /told {9}on failure, by cron’s own mail: the project has no mail:/);
    assert.doesNotMatch(text, /owner|environment/);
    assert.match(text, /\n\nIt has not run yet\.$/);
  });
});

suite('the settings of a job', () => {
  test('are shown where they are not as most jobs have them', () => {
    const text = job({ ...jobView, ...unusualSettings }, page, usualSettings);
    const from = text.indexOf('  user ');
    reads(
      text.slice(from, text.indexOf('  told ')),
      `
  user         www-data
  umask        0027
  nice         10
  input        the file /srv/shop/list.txt
  overlap      wait, up to 10m 00s
  success      exit status 0, 24
  fails when   there is anything on standard error, or a line of output matches
               ERROR|FATAL
  output       256 KiB of each stream recorded, all of it in
               /var/log/backup.log, rotated at 10 MiB, 1 old file kept
`,
    );
  });

  test('are told by what they say, also where only a small part of one differs', () => {
    const line = (changes: Partial<typeof usualSettings>) => {
      const lines = job({ ...jobView, ...changes }, page, usualSettings).split('\n');
      return lines.filter((one) => !job(jobView, page, usualSettings).includes(one)).map((one) => one.trim());
    };
    assert.deepEqual(line({ stdin: { kind: 'text', text: 'a\nb' } }), ['input        the text "a\\nb"']);
    assert.deepEqual(line({ overlap: 'replace' }), ['overlap      replace']);
    assert.deepEqual(line({ failWhen: { stderr: false, outputMatches: 'x' } }), [
      'fails when   a line of output matches x',
    ]);
    const output = { ...usualSettings.output, keepBytes: 1_000 };
    assert.deepEqual(line({ output }), ['output       1000 bytes of each stream recorded']);
    assert.deepEqual(line({ waitUpToMs: 1 }), []);
  });
});

suite('the runs', () => {
  test('are a table in which names of jobs give way before times and states', () => {
    reads(
      runs(runRows, page),
      `
RUN            JOB                STARTED           TOOK     STATE
01kav2m4x7q2f  shop/backup        2026-11-24 09:26  -        running, 40%
01kav2m4x7q2e  shop/backup        2026-11-24 03:00  4.2s     failed (3), 3 tries
01kav2m4x7q2d  shop/cleanup-ses…  2026-11-24 03:00  12m 34s  failed (SIGKILL)
01kav2m4x7q2c  shop/backup        2026-11-24 03:00  1h 00m   timed-out
01kav2m4x7q2b  shop/backup        2026-11-24 03:00  0s       succeeded
`,
    );
  });

  test('of one job have room for what they cost, and for reasons', () => {
    reads(
      runs(costlyRows, page, { ofOneJob: true }),
      `
RUN            STARTED           TOOK     CPU     MEM     STATE
01kav2m4x7q2f  2026-11-24 03:00  12m 34s  1m 05s  45 MiB  succeeded
01kav2m4x7q2e  2026-11-24 03:00  12m 34s  <10ms   -       cancelled by ann on d…
01kav2m4x7q2d  2026-11-24 03:00  0s       -       -       skipped: run 01kav2m4…
01kav2m4x7q2b  2026-11-24 03:00  12m 34s  -       -       interrupted: its wrap…
01kav2m4x7q2a  2026-11-24 03:00  -        -       -       waiting
01kav2m4x7q29  2026-11-24 03:00  12m 34s  -       -       failed: could not be …
`,
    );
  });

  test('of many jobs show no costs where that would cost a name or a state', () => {
    const long = costlyRows.map((row) => ({ ...row, job: 'shop/cleanup-sessions' }));
    assert.match(runs(costlyRows, page), /^RUN +JOB +STARTED +TOOK +STATE$/m);
    assert.match(runs(costlyRows.slice(0, 1), pageOf(90)), / 1m 05s {2}45 MiB {2}succeeded$/);
    assert.match(runs(long, pageOf(100)), /^RUN +JOB +STARTED +TOOK +CPU +MEM +STATE$/m);
    assert.match(runs(long, page), /cleanup-sessions .* succeeded$/m);
  });

  test('that were just ended are told in a line each', () => {
    reads(
      endedRuns(costlyRows.slice(1, 4), page),
      `
shop/backup 01kav2m4x7q2e was cancelled by ann on db1 after 12m 34s
shop/backup 01kav2m4x7q2d run 01kav2m4x7q2c (process 4711, started 3 minutes before) was still going after 0s
shop/backup 01kav2m4x7q2b was interrupted: its wrapper is gone; nobody knows how its task ended
`,
    );
  });

  test('of slots that were missed says when they were due, how many, and why', () => {
    const reason = 'cron did not run between 02:00 and 09:00';
    const times = { firstSlot: '2026-11-24T02:30:00+01:00', slot: '2026-11-24T08:30:00+01:00', slots: 7 };
    const run = runView({
      job: 'shop/hourly',
      run: '01kav2m4x7q2b',
      state: 'missed',
      reason,
      durationMs: null,
      ...times,
    });
    reads(
      log({ ...quietLog, run }, page),
      `
shop/hourly 01kav2m4x7q2b missed 7 times
  due 2026-11-24 02:30:00 to 2026-11-24 08:30:00
  cron did not run between 02:00 and 09:00
`,
    );
  });

  test('may be none', () => {
    const missed = runView({
      job: 'shop/minutely',
      state: 'missed',
      slots: 7,
      reason: 'cron did not run',
      durationMs: null,
    });
    const costs = { cpuMs: 9, peakMemory: null };
    const rows = [{ ...missed, ...costs }, runView({ job: 'shop/minutely', durationMs: 40, ...costs })];
    assert.match(runs(rows, page), / missed 7 times$/m, 'the reason takes nothing from the state');
    reads(runs([], page), '\nno runs are recorded\n');
  });
});

suite('the log of a run', () => {
  test('tells how it went, then shows the output without what would move the cursor', () => {
    reads(
      log(failedLog, page),
      `
shop/backup 01kav2m4x7q2f failed (3) after 34s
  started 2026-11-24 03:00:01, by cron, due 2026-11-24 03:00:00
  attempt 1, 2026-11-24 03:00:01: was ended by SIGSEGV
  attempt 2, 2026-11-24 03:00:33: exited with status 3
  2026-11-24 03:00:09 warning: cron started this slot again; it was not run twice
  mail to ops@shop.example waits in the outbox: mail.shop.example:587 refused
  mail to web@shop.example was sent 2026-11-24 03:01:00
  the middle of the output, 12,345 bytes, was not kept

copying orders
ERROR: disk full
`,
    );
  });

  test('of one quiet attempt is short', () => {
    reads(
      log(quietLog, page),
      `
shop/backup 01kav2m4x7q2f succeeded after 12m 34s
  started 2026-11-24 03:00:01, by hand
  it wrote no output
`,
    );
  });

  test('tells what was used and what the task gave, on one line where it is short', () => {
    const run = runView({
      cpuMs: 3_240,
      peakMemory: 47_185_920,
      trigger: 'retry',
      slot: null,
      continues: '01kav2m4x7q2e',
    });
    reads(
      log({ ...quietLog, run, result: { deleted: 1200 } }, page),
      `
shop/backup 01kav2m4x7q2f succeeded after 12m 34s
  started 2026-11-24 03:00:01, by cronwright, which goes on from run 01kav2m4x7q2e
  used 3.2s of processor time, at most 45 MiB of memory
  result {"deleted":1200}
  it wrote no output
`,
    );
    const many = log({ ...quietLog, result: Array.from({ length: 9_999 }, (_, n) => `\u001b[2J${n}`) }, page);
    assert.match(many, /\n {2}result \[\n {4}"/);
    assert.match(many, /\n {2}… --json shows all of it\n/);
    assert.ok(many.length < 3_000 && !many.includes('\u001b'));
  });

  test('of a run that waits, or says how far it is, has that in its head', () => {
    const at = (changes: Partial<RunView>) => log({ ...runningLog, run: { ...runningLog.run, ...changes } }, page);
    assert.match(at({ progress: 0.999 }), /^shop\/backup 01kav2m4x7q2f is running, 99% done\n/);
    assert.match(at({ state: 'waiting' }), /^shop\/backup 01kav2m4x7q2f is waiting for its turn\n/);
  });

  test('of a run that goes on says so, and leaves room for the output', () => {
    assert.equal(
      log(runningLog, page),
      `shop/backup 01kav2m4x7q2f is running
  started 2026-11-24 03:00:01, by cron, due 2026-11-24 03:00:00
  attempt 1, 2026-11-24 03:00:01: is running

`,
    );
  });
});

suite('a plan', () => {
  const spec = jobOf('export');
  const nothing: Plan = {
    ...planSample,
    ...{ add: [], change: [], remove: [], moved: [], settings: [], drift: [], leaves: [] },
    ...{ replaced: [], notFound: [], staysOut: [] },
    ...{ unmanaged: 0, unmanagedEntries: [] },
  };
  const changing = (before: JobState, after: JobState, field: ChangedPart) =>
    planView({ ...nothing, change: [{ job: spec.id, before, after, fields: [field] }] });

  test('says each change in words, whole', () => {
    reads(
      plan(planSample, page),
      `
→ shop/report becomes shop/mail-report, with its history
+ shop/warm-up  @reboot (at every start of the machine)
    curl -s localhost; sleep 1
~ shop/export
    command
      - php /srv/shop/scripts/export-orders-to-the-warehouse.php --verbose --all
        --since yesterday --format csv
      + php /srv/shop/scripts/export-orders-to-the-warehouse.php --verbose --all
        --since yesterday --format xml
    env
      - none
      + LEVEL=full
    timeout
      - none
      + 1h 00m
    retry
      - none
      + up to 3 attempts, 30s apart, on any failure
    notify
      - on failure
      + nobody
- shop/old  0 9 * * * (every day at 09:00)
    true
~ the project’s mail, launcher, target
~ the project’s lines in the table of target file:/srv/old will be taken out
- shop/warm-up takes the place of lines in user
      - # warm up
      - @reboot curl -s localhost
- shop/export takes the place of lines in /etc/crontab
      - 0 9 * * * www-data php export.php
! shop/warm-up is to take the place of a line that is not in user: see that it
  runs nowhere as well
      - @reboot curl -s web1
! shop/old had taken the place of lines in user, and they do not come back by
  themselves; snapshot 7 has them (cronwright restore 7)
      - # the old export
      - 0 3 * * * php old.php
! shop/old had taken the place of lines in /etc/crontab, and they do not come
  back by themselves
      - 0 4 * * * root php old.php
! line 3: the line of shop/backup was edited in the table; sync puts it right
      - 0 4 * * * /usr/bin/cronwright run --scheduled shop/backup
      + 0 3 * * * /usr/bin/cronwright run --scheduled shop/backup
! the line of the tick is gone from the table; sync puts it right
      + * * * * * /usr/bin/cronwright tick
! line 9: a line in a block was not put there by cronwright; sync takes it out
      - 1 1 * * * /home/bob/own\x20
! line 12: the line of shop/export was moved out of the block; sync puts it
  right
      + 0 9 * * * /usr/bin/cronwright run --scheduled shop/export
! the block is gone from the table; sync puts it right

user: 1 to add, 1 to change, 1 to remove, 1 to rename, 2 unchanged, 5 to put
right; 3 lines of others to take out; 12 of others left alone
not managed by cronwright; cronwright adopt turns such entries into jobs:
    20: 0 3 * * * /home/bob/own 0
    21: 1 3 * * * /home/bob/own 1
    22: 2 3 * * * /home/bob/own 2
    23: 3 3 * * * /home/bob/own 3
    24: 4 3 * * * /home/bob/own 4
    25: 5 3 * * * /home/bob/own 5
    26: 6 3 * * * /home/bob/own 6
    27: 7 3 * * * /home/bob/own 7
    28: 8 3 * * * /home/bob/own 8
    29: 9 3 * * * /home/bob/own 9
    and 2 more
`,
    );
  });

  test('says settings as show does', () => {
    const sides: readonly (readonly [Partial<Job>, JobField, string, string])[] = [
      [{ user: 'www-data' }, 'user', 'none', 'www-data'],
      [{ umask: 0o7 }, 'umask', 'none', '0007'],
      [{ nice: -5 }, 'nice', '0', '-5'],
      [{ stdin: { kind: 'file', path: '/a' } }, 'stdin', 'nothing', 'the file /a'],
      [{ overlap: 'allow' }, 'overlap', 'skip', 'allow'],
      [{ waitUpTo: 60_000 }, 'wait-up-to', '1h 00m', '1m 00s'],
      [{ successExit: [0, 24] }, 'success-exit', '0', '0, 24'],
      [{ failWhen: { stderr: true, outputMatches: '' } }, 'fail-when', 'none', 'there is anything on standard error'],
      [
        { output: { ...spec.output, keep: 1024 } },
        'output',
        '128 KiB of each stream recorded',
        '1 KiB of each stream recorded',
      ],
    ];
    for (const [changes, field, before, after] of sides) {
      const other = jobOf('export', changes);
      const text = plan(changing({ lines: [], words: '', spec }, { lines: [], words: '', spec: other }, field), page);
      assert.ok(text.includes(`    ${field}\n      - ${before}\n      + ${after}\n`), text);
    }
  });

  test('says when a job runs in words too, where they are others than what is written', () => {
    const before = { lines: [], words: 'every day at 09:00', spec };
    const after = {
      lines: [],
      words: 'every day at 10:00',
      spec: jobOf('export', { schedule: ['every day at 10:00'] }),
    };
    const text = plan(changing(before, after, 'schedule'), page);
    assert.ok(text.includes('      - 0 9 * * * (every day at 09:00)\n      + every day at 10:00\n'), text);
  });

  test('says why a job has other lines that says what it said', () => {
    const [before, after] = ['0 7,8 * * * /c', '45 12,13 * * * /c'].map((line) => ({ lines: [line], words: '', spec }));
    if (before === undefined || after === undefined) throw new Error('two sides');
    const text = plan(changing(before, after, 'lines'), page);
    const why = 'when cron starts it: the host’s time zone or the zone data has changed';
    assert.ok(text.includes(`    ${why}\n      - 0 7,8 * * * /c\n      + 45 12,13 * * * /c\n`), text);
  });

  test('with nothing to do is one line', () => {
    reads(plan(planView(nothing), page), '\nuser: 0 to add, 0 to change, 0 to remove, 2 unchanged\n');
  });

  test('names what is not managed', () => {
    const unmanagedEntries = [{ line: 3, text: '0 1 * * * /home/bob/own' }];
    reads(
      plan(planView({ ...nothing, unmanaged: 1, unmanagedEntries }), page),
      `
user: 0 to add, 0 to change, 0 to remove, 2 unchanged; 1 of others left alone
not managed by cronwright; cronwright adopt turns such entries into jobs:
    3: 0 1 * * * /home/bob/own
`,
    );
  });

  test('that was carried out is told as done', () => {
    const text = synced(planSample, page);
    assert.match(text, /is gone from the table; it was put right\n/);
    assert.match(text, /^user: 1 added, 1 changed, 1 removed, 1 renamed, 2 unchanged, 5 put right;/m);
    assert.match(text, /was not put there by cronwright; it was taken out\n/);
  });
});

suite('what doctor found', () => {
  test('stands by groups, each remedy below, and the verdict last', () => {
    reads(
      findings(findingViews, page),
      `
Cron
ok    cron is running
?     whether cron runs cannot be seen here: there is no /proc
      → look for cron with ps

Jobs
BAD   shop is not in the table user as it was installed; lines that differ: 2
      → cronwright plan shows the lines, cronwright sync puts them right
warn  no tick has come yet; the first is due within a minute of sync
      → look again in a minute

1 problem, 2 to look at
`,
    );
  });

  test('is right where nothing needs a look', () => {
    reads(findings(findingViews.slice(0, 1), page), '\nCron\nok    cron is running\n\neverything is right\n');
  });
});

suite('a validation', () => {
  test('underlines each problem in its line, and counts them', () => {
    reads(
      validation(invalid, page),
      `
jobs.yaml:12:5 error unknown-key
  found the key comand, expected one of command, schedule, description
 12 |     comand: php cleanup.php
    |     ^^^^^^
  → did you mean command?

jobs.yaml:104:111 warning schedule-rare
  found 30 February, which no year has: this job would never run, and nobody
  would be told of it
 104 | …k that goes on and 30 2 30 2 ends
     |                     ^^^^^^^^^

not valid: 3 jobs, 1 error, 1 warning
`,
    );
  });

  test('without a problem is one line', () => {
    reads(validation({ valid: true, jobs: 1, problems: [] }, page), '\nvalid: 1 job\n');
  });

  test('cannot be used to move the cursor by what the file has in it', () => {
    const hostile = problem({
      source: 'a: \u001b[2J\u0007b',
      message: 'found "\u001b]0;x\u0007\u009b"',
      hint: 'not \u0000',
    });
    const text = validation({ valid: false, jobs: 1, problems: [hostile] }, page);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});

test('no view is broader than the page, whatever it can break', () => {
  for (const width of [80, 100]) {
    const narrow = pageOf(width);
    const texts = [
      jobs(jobRows, narrow),
      runs(runRows, narrow),
      findings(findingViews, narrow),
      plan(planSample, narrow),
    ];
    for (const line of [...texts, validation(invalid, narrow)].join('\n').split('\n')) {
      // A word that cannot be broken, such as a path, stands in a line of its own.
      assert.ok([...line].length <= width || !line.trim().includes(' '), `${width}: ${line}`);
    }
  }
});

test('colour paints, and changes no character', () => {
  const painted = { ...page, style: makeStyle(true), now };
  const text = jobs(jobRows, painted);
  assert.notEqual(text, jobs(jobRows, page));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour is made of them
  assert.equal(text.replace(/\u001b\[\d+m/g, ''), jobs(jobRows, page));
});
