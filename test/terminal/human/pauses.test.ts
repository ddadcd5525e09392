import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { jobs } from '../../../src/terminal/human/jobs.ts';
import { log } from '../../../src/terminal/human/log.ts';
import { pausedNow, resumedNow } from '../../../src/terminal/human/pauses.ts';
import { runs } from '../../../src/terminal/human/runs.ts';
import type { JobRowView, LogView, PauseView } from '../../../src/terminal/views.ts';
import { jobRows, pageOf, runView } from '../samples.ts';

const page = pageOf();

/** Texts are compared between line breaks, so that they stand in a test as they stand on a page. */
function reads(actual: string, expected: string): void {
  assert.equal(`\n${actual.replace(/\n$/, '')}\n`, expected);
}

const label: PauseView = {
  scope: 'label',
  name: 'nightly',
  reason: 'new disks',
  by: 'ann',
  since: '2026-11-24T09:00:00+01:00',
  until: null,
};
const ofJob: PauseView = {
  ...label,
  scope: 'job',
  name: 'shop/backup',
  reason: '',
  until: '2026-11-24T18:00:00+01:00',
};
const ofAll: PauseView = { ...label, scope: 'all', name: '', by: 'bob', reason: '' };

suite('a list of jobs', () => {
  const [first] = jobRows;
  const row = (changes: Partial<JobRowView>): JobRowView => ({ ...(first as JobRowView), ...changes });

  test('shows what is paused, what comes after that, and below what has no end', () => {
    const rows = [
      row({ paused: label, next: null, state: 'paused' }),
      row({ job: 'shop/report', paused: ofJob, next: '2026-11-25T03:00:00+01:00', state: 'paused' }),
      row({ job: 'shop/warm-up' }),
    ];
    reads(
      jobs(rows, page, [label, ofAll]),
      `
JOB           SCHEDULE            NEXT            LAST
shop/backup   every day at 03:00  paused          succeeded 6h ago
shop/report   every day at 03:00  paused, in 17h  succeeded 6h ago
shop/warm-up  every day at 03:00  in 17h          succeeded 6h ago

the label nightly is paused by ann since 2026-11-24 09:00, without an end: new disks
  → cronwright resume --label nightly
all jobs are paused by bob since 2026-11-24 09:00, without an end
  → cronwright resume --all
`,
    );
  });

  test('says so even where it is empty', () => {
    assert.match(jobs([], page, [ofAll]), /^no jobs are installed.*\n\nall jobs are paused by bob/);
  });

  test('shows a run that goes on although its job is paused, and when one begins that is put off', () => {
    const current = { run: 'r', state: 'running', startedAt: '2026-11-24T09:26:55+01:00', progress: null, until: null };
    const put = { ...current, state: 'waiting', until: '2026-11-24T09:34:30+01:00' };
    const text = jobs([row({ paused: label, next: null, current }), row({ current: put })], page);
    assert.match(text, /paused +running for 3m 05s\n.* in 17h +waiting to begin in 4m$/);
  });
});

suite('what was paused', () => {
  test('is said with its end and its reason, and what it was before', () => {
    reads(
      pausedNow(
        [
          { ...ofJob, before: null },
          { ...label, before: { ...label, by: 'bob', reason: '', until: '2026-11-24T10:00:00+01:00' } },
          { ...ofAll, before: null },
        ],
        page,
      ),
      `
shop/backup is paused until 2026-11-24 18:00
the label nightly is paused without an end: new disks
  paused already by bob since 2026-11-24 09:00, until 2026-11-24 10:00
all jobs are paused without an end
`,
    );
  });

  test('says what still holds jobs back once it is resumed', () => {
    const nothing = { scope: 'job', name: 'shop/report', ended: null, held: [] } as const;
    reads(
      resumedNow(
        [
          { scope: 'job', name: 'shop/backup', ended: ofJob, held: [{ paused: label, jobs: ['shop/backup'] }] },
          {
            scope: 'all',
            name: '',
            ended: ofAll,
            held: [
              { paused: label, jobs: ['shop/a', 'shop/b'] },
              { paused: ofJob, jobs: ['shop/backup'] },
            ],
          },
          nothing,
        ],
        page,
      ),
      `
shop/backup is resumed; paused by ann since 2026-11-24 09:00, until 2026-11-24 18:00
  shop/backup is still paused, as the label nightly is paused by ann since 2026-11-24 09:00, without an end: new disks
    → cronwright resume --label nightly
all jobs are resumed; paused by bob since 2026-11-24 09:00, without an end
  2 jobs are still paused, as the label nightly is paused by ann since 2026-11-24 09:00, without an end: new disks
    → cronwright resume --label nightly
  shop/backup is still paused by ann since 2026-11-24 09:00, until 2026-11-24 18:00
    → cronwright resume shop/backup
shop/report is not paused
`,
    );
  });

  test('cannot change the terminal by its reason', () => {
    const hostile = { ...label, reason: '\u001b[2Jx' };
    const texts = [
      jobs([], page, [hostile]),
      pausedNow([{ ...hostile, before: hostile }], page),
      resumedNow([{ scope: 'label', name: 'nightly', ended: hostile, held: [{ paused: hostile, jobs: ['a'] }] }], page),
    ];
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
    for (const text of texts) assert.doesNotMatch(text, /\u001b/);
  });
});

suite('a run that is put off', () => {
  const reason = 'waits until 2026-11-24 09:34:30, a random delay';
  const run = runView({ state: 'waiting', reason, endedAt: null, durationMs: null, exitCode: null, attempts: 0 });

  test('says in its log that it waits, and until when', () => {
    const view: LogView = { run, attempts: [], events: [], told: [], output: [], omittedBytes: 0, result: null };
    assert.match(
      log(view, page),
      /^shop\/backup \w+ is waiting to begin\n.*\n {2}it waits until 2026-11-24 09:34:30, a/,
    );
  });

  test('says so in the table of runs', () => {
    assert.match(runs([run], pageOf(120)), /waiting until 2026-11-24 09:34:30, a random delay/);
  });
});
