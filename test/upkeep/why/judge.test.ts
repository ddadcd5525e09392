import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Gap } from '../../../src/store/gaps.ts';
import type { Pause } from '../../../src/store/pauses.ts';
import type { Run } from '../../../src/store/runs.ts';
import { reason } from '../../../src/upkeep/why/reason.ts';
import { answerTo, codesOf, evidenceOf, installedAt, noon, runOf, version } from './rig.ts';

const [minute, hour] = [60_000, 3_600_000];
const asked = '2026-11-24 02:30';
const slot = Date.parse('2026-11-24T01:30Z');

const codes = (...given: Parameters<typeof answerTo>) => codesOf(answerTo(...given));
const main = (...given: Parameters<typeof answerTo>) => answerTo(...given).reasons[0]?.message ?? '';

const daemon = reason('daemon-not-running', 'No cron daemon is running.');
const line = reason('line-absent', 'Its line is not in the table user.');

describe('the judge of a slot', () => {
  it('names the run that has it, however it was started and went', () => {
    assert.deepEqual(codes(evidenceOf({ runs: [runOf(slot)] }), asked), ['ran']);
    const failed = runOf(slot, { state: 'failed', reason: 'exited with status 3', exitCode: 3 });
    assert.match(main(evidenceOf({ runs: [failed] }), asked), /failed: exited with status 3 after 1 second/);
    const late = runOf(slot, { startedAt: slot + 3 * minute });
    assert.match(main(evidenceOf({ runs: [late] }), asked), /3 minutes late/);
    const lost = runOf(slot, { state: 'interrupted', reason: 'was interrupted: its wrapper is gone' });
    assert.match(main(evidenceOf({ runs: [lost] }), asked), /and was interrupted: its wrapper is gone\.$/);
    const retried = runOf(slot, { state: 'interrupted', retryAt: noon + minute, retryAttempt: 2 });
    assert.deepEqual(codes(evidenceOf({ runs: [retried] }), asked), ['ran', 'retry-to-come']);
    const again = runOf(null, { run: 'second', trigger: 'retry', continues: 'first', startedAt: slot + hour });
    assert.match(
      answerTo(evidenceOf({ runs: [lost, again] }), asked).reasons[1]?.message ?? '',
      /goes on with run first/,
    );
  });

  it('names a run of that minute whose slot is another', () => {
    const late = runOf(slot, { startedAt: slot + 3 * minute });
    assert.deepEqual(codes(evidenceOf({ runs: [late] }), '2026-11-24 02:33'), ['ran', 'not-scheduled']);
    const byHand = runOf(null, { startedAt: slot + 4 * minute });
    assert.match(main(evidenceOf({ runs: [byHand] }), '2026-11-24 02:34'), /started by hand/);
  });

  it('puts a gap of the past before what is in the way now, and what is in the way before a silence that lasts', () => {
    const past: Gap = { from: slot - hour, until: slot + hour, cause: 'cron-silent' };
    assert.deepEqual(codes(evidenceOf({ gaps: [past], obstacles: [line] }), asked), ['cron-silent', 'line-absent']);
    const lasting: Gap = { from: slot - hour, until: noon, cause: 'cron-silent' };
    const silent = { gaps: [lasting], silentSince: lasting.from, lastTick: lasting.from, obstacles: [daemon, line] };
    assert.deepEqual(codes(evidenceOf(silent), asked), ['daemon-not-running', 'line-absent', 'cron-silent']);
  });

  it('has a machine that was off first, even where no tick has come since', () => {
    const off: Gap = { from: slot - hour, until: noon, cause: 'machine-off' };
    const evidence = evidenceOf({ gaps: [off], silentSince: off.from, lastTick: off.from, obstacles: [daemon] });
    assert.deepEqual(codes(evidence, asked), ['machine-off', 'daemon-not-running']);
  });

  it('does not blame the daemon for a slot that passed while ticks came', () => {
    assert.deepEqual(codes(evidenceOf({ obstacles: [daemon, line] }), asked), ['line-absent', 'daemon-not-running']);
  });

  it('blames it where no tick has come since the slot, too soon to call that a silence', () => {
    const evidence = evidenceOf({ now: slot + 2 * minute, lastTick: slot - minute, obstacles: [line, daemon] });
    assert.deepEqual(codes(evidence, asked), ['line-absent', 'daemon-not-running']);
    const other = evidenceOf({ now: slot + 2 * minute, lastTick: slot - minute, obstacles: [daemon, line] });
    assert.deepEqual(codes(other, asked), ['daemon-not-running', 'line-absent']);
  });

  it('takes the cause from the record where no gap is known any more', () => {
    const recorded: readonly (readonly [words: string, code: string])[] = [
      ['the machine was off from 2026-11-24 01:00 to 2026-11-24 08:00', 'machine-off'],
      ['the machine was asleep from 2026-11-24 01:00 to 2026-11-24 08:00', 'machine-asleep'],
      ['the clock was set forward by 2 hours at 2026-11-24 01:00', 'clock-forward'],
      ['cron did not run between 2026-11-24 01:00 and 2026-11-24 08:00 (no tick)', 'cron-silent'],
      ['its line is no longer in the crontab', 'line-absent'],
      ['the lines of shop are no longer in the crontab', 'line-absent'],
      ['its line in the crontab was edited', 'line-edited'],
      ['cron started nothing, and the crontab cannot be read: it is torn', 'table-unreadable'],
    ];
    for (const [words, code] of recorded) {
      const missed = runOf(slot, { state: 'missed', reason: words, startedAt: slot, endedAt: slot + 3 * minute });
      assert.deepEqual(codes(evidenceOf({ runs: [missed] }), asked), [code, 'missed'], words);
    }
  });

  it('finds a slot in the middle of a stretch of missed ones, and what is owed', () => {
    const first = slot - 24 * hour;
    const missed = runOf(slot, {
      state: 'missed',
      reason: 'cron did not',
      firstSlot: first,
      slots: 2,
      startedAt: slot,
    });
    const { reasons } = answerTo(evidenceOf({ runs: [missed] }), '2026-11-23 02:30');
    assert.match(reasons.at(-1)?.message ?? '', /one of 2 from Mon 2026-11-23 02:30 to Tue 2026-11-24 02:30/);
    const owed = [{ job: version().job.id, slot, until: slot + 24 * hour, reason: 'the machine was off' }];
    assert.deepEqual(codes(evidenceOf({ owed, obstacles: [line] }), asked), ['line-absent', 'owed']);
  });

  it('says of a catch-up why it was needed', () => {
    const off: Gap = { from: slot - hour, until: slot + hour, cause: 'machine-off' };
    const run = runOf(slot, { trigger: 'catch-up', startedAt: slot + hour });
    assert.deepEqual(codes(evidenceOf({ gaps: [off], runs: [run] }), asked), ['caught-up-later', 'machine-off']);
  });

  it('knows a skipped one by its words: another run, one waited for, a pause, a launch without the database', () => {
    const skipped = (words: string) =>
      codes(evidenceOf({ runs: [runOf(slot, { state: 'skipped', reason: words })] }), asked);
    assert.deepEqual(skipped('run abc (process 1, started 1 minute before) was still going'), ['overlap']);
    assert.deepEqual(skipped('run abc (process 1, started 1 minute before) was waiting for its turn already'), [
      'overlap',
    ]);
    assert.deepEqual(skipped('waited 1 hour for run abc'), ['overlap']);
    assert.deepEqual(skipped('was paused by ann since 2026-11-24 01:00: moving'), ['paused']);
    assert.deepEqual(skipped('its slot was launched already, while the database could not be used'), [
      'database-unusable',
    ]);
  });

  it('names of several pauses the one that lasts longest, and who ended it', () => {
    const pause = (changes: Partial<Pause>): Pause => ({
      ...{ id: 1, scope: 'job', name: 'shop/night', reason: '', since: slot - hour, by: 'ann' },
      ...{ until: null, endedAt: null, endedBy: null, ...changes },
    });
    const ended = pause({ endedAt: noon - hour, endedBy: 'bob' });
    const short = pause({ scope: 'all', name: '', until: slot + minute });
    const { reasons } = answerTo(evidenceOf({ pauses: [short, ended] }), asked);
    assert.equal(reasons[0]?.message, 'It was paused by ann since Tue 2026-11-24 01:30.');
    assert.deepEqual(reasons[0]?.evidence, ['bob ended the pause at Tue 2026-11-24 12:00']);
    assert.equal(reasons[0]?.remedy, null);
    assert.equal(main(evidenceOf({ pauses: [ended] }), 'yesterday 02:30').includes('paused'), false);
    const early = pause({ until: noon, endedAt: slot - minute, endedBy: 'bob' });
    assert.deepEqual(codes(evidenceOf({ pauses: [early] }), asked), ['unexplained']);
  });

  it('tells one that is just due from one that nobody can explain, and from one that is forgotten', () => {
    const soon = { now: slot + 30_000, lastTick: slot };
    assert.deepEqual(codes(evidenceOf(soon), asked), ['pending']);
    assert.deepEqual(codes(evidenceOf(), asked), ['unexplained']);
    assert.deepEqual(codes(evidenceOf(), '2026-06-24 02:30'), ['forgotten']);
  });

  it('has the spool’s word where the database has none', () => {
    const run = { run: 'abc', state: 'succeeded', startedAt: slot };
    assert.match(
      main(evidenceOf({ spooled: [{ slot, run }] }), asked),
      /while the database could not be used: run abc/,
    );
    assert.match(main(evidenceOf({ spooled: [{ slot, run: undefined }] }), asked), /its record is not there yet/);
  });
});

describe('the judge of a minute', () => {
  it('knows a time that comes twice by its offset, and without one answers for both', () => {
    const [first, second] = [Date.parse('2026-10-25T00:30Z'), Date.parse('2026-10-25T01:30Z')];
    const once = evidenceOf({ runs: [runOf(first)] });
    assert.deepEqual(codes(once, '2026-10-25 02:30'), ['ran', 'not-repeated']);
    assert.deepEqual(codes(once, '2026-10-25T02:30+01:00'), ['not-repeated']);
    const versions = [version({ dst: { skipped: 'as-cron', repeated: 'twice' } })];
    const twice = evidenceOf({ versions, runs: [runOf(first), runOf(second, { run: 'second' })] });
    assert.deepEqual(
      answerTo(twice, '2026-10-25 02:30').reasons.map(({ run }) => run),
      ['first', 'second'],
    );
  });

  it('says where a skipped time went, and that a minute never was which no schedule names', () => {
    const behind = Date.parse('2026-03-29T01:00Z');
    const evidence = evidenceOf({ now: behind + hour, runs: [runOf(behind)] });
    assert.deepEqual(codes(evidence, '2026-03-29 02:30'), ['moved-by-daylight-saving', 'ran']);
    assert.deepEqual(codes(evidence, '2026-03-29 03:00'), ['ran', 'moved-by-daylight-saving']);
    assert.deepEqual(codes(evidence, '2026-03-29 02:10'), ['skipped-by-daylight-saving', 'not-scheduled']);
    assert.match(main(evidence, '2026-03-29 02:10'), /the clock went from 02:00 to 03:00/);
  });

  it('does not speak of a time that was left out when asked for the one behind the gap', () => {
    const left = version({ dst: { skipped: 'skip', repeated: 'as-cron' } });
    const evidence = evidenceOf({ versions: [left] });
    assert.deepEqual(codes(evidence, '2026-03-29 02:30'), ['skipped-by-daylight-saving']);
    assert.deepEqual(codes(evidence, '2026-03-29 03:00'), ['not-scheduled']);
  });

  it('names the jitter that moves a slot away from the time that is written', () => {
    const versions = [version({ jitter: { offset: hour, delay: 0 } })];
    const answer = answerTo(evidenceOf({ versions }), asked);
    const [first, second] = answer.reasons;
    assert.deepEqual(codesOf(answer), ['moved-by-jitter', 'unexplained']);
    assert.equal(first?.slot, second?.slot);
    assert.notEqual(first?.slot, slot);
  });

  it('judges by the version that was in force, and says that there is another now', () => {
    const change = { revision: 2, at: noon - hour, by: 'bob' };
    const old = version({ schedule: ['30 3 * * *'] }, { until: change });
    const versions = [old, version({}, { since: change })];
    assert.deepEqual(codes(evidenceOf({ versions }), asked), ['schedule-changed-since', 'not-scheduled']);
    const ran = evidenceOf({ versions, runs: [runOf(slot + hour)] });
    assert.deepEqual(codes(ran, '2026-11-24 03:30'), ['ran', 'schedule-changed-since']);
    const renamed = [version({ description: 'x' }, { until: change }), version({}, { since: change })];
    assert.deepEqual(codes(evidenceOf({ versions: renamed, runs: [runOf(slot)] }), asked), ['ran']);
  });

  it('knows when the job was not installed: before, after, in between, never', () => {
    const [removal, again] = [noon - 5 * hour, noon + 5 * hour].map((at, index) => ({
      revision: index + 2,
      at,
      by: 'bob',
    }));
    const versions = [version({}, { until: removal }), version({}, again && { since: again })];
    const evidence = evidenceOf({ versions, now: noon + 24 * hour });
    const between = answerTo(evidence, '2026-11-24 12:00').reasons[0];
    assert.equal(between?.code, 'not-installed-then');
    assert.match(`${between?.message}${between?.evidence}`, /revision 2 removed it .*revision 3 installed it again/);
    assert.match(main(evidence, '2025-12-24'), /not installed yet/);
    assert.deepEqual(codes(evidenceOf({ versions: [] })), ['never-installed']);
  });

  it('judges a line by the clock that it was written for', () => {
    const lines = ['30 2 * * * /usr/bin/cronwright run --scheduled shop/night'];
    const at = (hostZone: string) => [
      version({ schedule: ['30 3 * * *'] }, { lines, settings: { ...version().settings, hostZone } }),
    ];
    assert.deepEqual(codes(evidenceOf({ versions: at('Europe/Berlin') }), asked), ['gated', 'not-scheduled']);
    assert.deepEqual(codes(evidenceOf({ versions: at('UTC') }), asked), ['not-scheduled']);
  });
});

describe('the judge of a day', () => {
  it('puts together what fared the same, and leaves nothing out', () => {
    const versions = [
      version({ schedule: ['0 * * * *'], except: [{ from: '2026-11-23', to: '2026-11-23', name: 'Rest' }] }),
    ];
    const first = Date.parse('2026-11-23T23:00Z');
    const runs = [0, 1, 2].map((hours) => runOf(first + hours * hour, { run: `r${hours}` }));
    const { parts, reasons } = answerTo(evidenceOf({ versions, runs, now: first + 12 * hour + minute }), 'today');
    assert.deepEqual(reasons, []);
    assert.deepEqual(
      parts.map(({ code, count, run }) => [code, count, run]),
      [
        ['ran', 3, 'r0'],
        ['unexplained', 9, null],
        ['pending', 1, null],
        ['future', 11, null],
      ],
    );
    const uneven = [runs[0], runs[1], { ...runs[2], state: 'failed', exitCode: 1 }] as const as readonly Run[];
    const told = answerTo(evidenceOf({ versions, runs: uneven, now: first + 12 * hour + minute }), 'today').parts;
    assert.deepEqual(
      told.slice(0, 2).map(({ count, message }) => [count, /succeeded|failed/.exec(message)?.[0]]),
      [
        [2, 'succeeded'],
        [1, 'failed'],
      ],
      'a run that failed is not told as one that succeeded',
    );
    assert.equal(Object.hasOwn(told[0] ?? {}, 'fared'), false);
    const rest = answerTo(evidenceOf({ versions }), '2026-11-23').parts;
    assert.deepEqual(
      rest.map(({ code, count }) => [code, count]),
      [['holiday', 24]],
    );
  });

  it('has one time behind a gap, whatever was skipped', () => {
    const { parts } = answerTo(evidenceOf({ versions: [version({ schedule: ['15,30 2 * * *'] })] }), '2026-03-29');
    assert.deepEqual(
      parts.map(({ count }) => count),
      [1],
    );
  });

  it('says why it has none', () => {
    const weekly = evidenceOf({ versions: [version({ schedule: ['30 2 * * mon'] })] });
    assert.deepEqual(codes(weekly, '2026-11-24'), ['not-scheduled']);
    assert.deepEqual(codes(weekly, '2020-11-24'), ['not-installed-then']);
  });
});

describe('the judge of how things stand', () => {
  it('has what goes on first, then what is in the way, then what is to come and what was last', () => {
    const going = runOf(slot, { state: 'running', endedAt: null });
    const evidence = evidenceOf({ runs: [going], obstacles: [line] });
    assert.deepEqual(codes(evidence), ['running', 'line-absent', 'future']);
    assert.deepEqual(codes(evidenceOf({ runs: [runOf(slot)] })), ['future', 'ran']);
  });

  it('tells how the latest run went, also one that was started by hand', () => {
    const byHand = runOf(null, { run: 'second', startedAt: noon - hour, state: 'failed', exitCode: 1 });
    const { reasons } = answerTo(evidenceOf({ runs: [runOf(slot), byHand] }));
    assert.deepEqual(
      reasons.map(({ code, run }) => [code, run]),
      [
        ['future', null],
        ['ran', 'first'],
        ['ran', 'second'],
      ],
    );
    const skipped = runOf(null, { run: 'second', startedAt: noon - hour, state: 'skipped', attempts: 0 });
    assert.deepEqual(codes(evidenceOf({ runs: [runOf(slot), skipped] })), ['future', 'ran']);
  });

  it('promises no start that a pause holds back', () => {
    const pause = { id: 1, scope: 'job', name: 'shop/night', reason: '', since: noon - hour, by: 'ann' } as const;
    const pauses = [{ ...pause, until: null, endedAt: null, endedBy: null }];
    const { reasons } = answerTo(evidenceOf({ pauses, runs: [runOf(slot)] }));
    assert.deepEqual(
      reasons.slice(0, 2).map(({ message }) => message),
      [
        'It is paused by ann since Tue 2026-11-24 12:00.',
        'Its time at Wed 2026-11-25 02:30, in 13 hours 30 minutes, is skipped unless the pause ends before.',
      ],
    );
  });

  it('points to yesterday where a time of today is to come, and nowhere else', () => {
    const versions = [version({ schedule: ['30 18 * * *'] })];
    const remedyOf = (text: string) => answerTo(evidenceOf({ versions }), text).reasons[0]?.remedy;
    assert.equal(remedyOf('18:30'), 'cronwright why shop/night --at "yesterday 18:30" is about the day before');
    assert.equal(remedyOf('tomorrow 18:30'), null);
  });

  it('knows a job without a time to come', () => {
    assert.deepEqual(codes(evidenceOf({ versions: [version({ schedule: ['@reboot'] })] })), ['not-scheduled']);
    const ended = evidenceOf({ versions: [version({ end: '2026-01-01T00:00' })], now: installedAt + 24 * hour });
    assert.deepEqual(codes(ended), ['end-passed']);
  });

  it('names the holiday that is next, and what it waits for', () => {
    const except = [{ from: '2026-11-25', to: '2026-11-25', name: 'Rest' }];
    const evidence = evidenceOf({ versions: [version({ except })], runs: [runOf(slot)] });
    assert.deepEqual(codes(evidence), ['future', 'holiday', 'ran']);
  });
});
