import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { why } from '../../../src/terminal/human/why.ts';
import type { WhyReasonView, WhyView } from '../../../src/terminal/views.ts';
import { pageOf } from '../samples.ts';

const off: WhyReasonView = {
  code: 'machine-off',
  message: 'The machine was off between Mon 2026-11-23 22:10 and Tue 2026-11-24 08:01.',
  evidence: ['the tick came at Mon 2026-11-23 22:10 and then not until Tue 2026-11-24 08:01'],
  remedy: 'missed: run-once or run-all makes up for what the machine sleeps through',
  slot: '2026-11-24T02:30:00+01:00',
  run: null,
};

const missed: WhyReasonView = {
  ...off,
  code: 'missed',
  message: 'It is recorded as missed.',
  evidence: [],
  remedy: null,
};

const view: WhyView = {
  job: 'shop/backup',
  revision: 3,
  timezone: 'Europe/Berlin',
  about: 'minute',
  asked: '2026-11-24T02:30',
  at: '2026-11-24T02:30:00+01:00',
  reasons: [off, missed],
  slots: [],
  previous: null,
  next: null,
};

describe('an answer for people', () => {
  it('has the main reason first, its evidence and its remedy, then what else is known', () => {
    assert.equal(
      why(view, pageOf()),
      `shop/backup 2026-11-24 02:30 (Europe/Berlin)
The machine was off between Mon 2026-11-23 22:10 and Tue 2026-11-24 08:01.
  · the tick came at Mon 2026-11-23 22:10 and then not until Tue 2026-11-24
    08:01
  → missed: run-once or run-all makes up for what the machine sleeps through

Also:
  It is recorded as missed.`,
    );
  });

  it('has the times of a day in a line each, those that fared the same in one', () => {
    const part = { until: '2026-11-24T02:00:00+01:00', code: 'ran', message: 'It ran.', run: '1m86' } as const;
    const slots = [
      { ...part, from: '2026-11-24T00:00:00+01:00', count: 3 },
      { ...part, from: part.until, count: 1 },
    ];
    const text = why({ ...view, about: 'day', asked: '2026-11-24', reasons: [], slots }, pageOf());
    assert.equal(
      text,
      'shop/backup 2026-11-24 (Europe/Berlin)\n  00:00–02:00, 3 times, the first of them:  It ran.\n  02:00  It ran.',
    );
  });

  it('says of now which time it is, and cannot be made to move the cursor', () => {
    const reasons = [{ ...missed, message: 'A \u001b[2Jreason\u0007.' }];
    const text = why({ ...view, about: 'now', asked: null, reasons }, pageOf());
    assert.equal(text, 'shop/backup now, 2026-11-24 02:30 (Europe/Berlin)\nA reason\\x07.');
  });
});
