import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseSchedule } from '../../src/schedule/parse.ts';
import { pageText } from './page.ts';

const page = pageText('docs/schedules.md');

describe('the page about schedules', () => {
  it('shows phrases that can be read', () => {
    const rows = page.slice(page.indexOf('## Phrases'), page.indexOf('**Evenly by the clock**'));
    const phrases = [...rows.matchAll(/^\| (`.*?) +\|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, phrase = '']) => phrase),
    );
    assert.ok(phrases.length > 15);
    assert.deepEqual(
      phrases.filter((phrase) => !parseSchedule(phrase).ok),
      [],
    );
  });

  it('shows expressions that can be read, and refuses what it says is refused', () => {
    const shown = [...page.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
    const expressions = shown.filter((text) => /^[\dH*][^ ]*(?: [^ ]+){4}$/.test(text));
    assert.ok(expressions.length > 5);
    assert.deepEqual(
      expressions.filter((text) => !parseSchedule(text).ok),
      [],
    );
    for (const hour of ['22-2', '5/15', '*/90', '0~30']) assert.equal(parseSchedule(`0 ${hour} * * *`).ok, false);
  });
});
