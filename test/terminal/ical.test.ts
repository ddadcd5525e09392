import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { type CalendarEvent, icalendar, utcStamp } from '../../src/terminal/ical.ts';
import { readCalendar, skipWithoutReader } from './calendar-reader.ts';

const now = Date.parse('2026-11-24T09:30:05.678+01:00');
const head = { name: 'shop/backup', version: '1.2.3', now };

function event(changes: Partial<CalendarEvent> = {}): CalendarEvent {
  const at = Date.parse('2026-12-24T03:00:00+01:00');
  return { uid: 'shop/backup/1@db1', at, summary: 'shop/backup', description: '', categories: [], ...changes };
}

/** The lines of a text as RFC 5545 section 3.1 puts them together again. */
function unfolded(text: string): readonly string[] {
  return text.replaceAll('\r\n ', '').split('\r\n');
}

suite('a calendar', () => {
  test('is an iCalendar object whose times are UTC', () => {
    const text = icalendar([event({ description: 'one', categories: ['night', 'db'] })], head);
    assert.equal(
      text,
      [
        'BEGIN:VCALENDAR',
        'VERSION:2.0',
        'PRODID:-//cronwright//cronwright 1.2.3//EN',
        'CALSCALE:GREGORIAN',
        'X-WR-CALNAME:shop/backup',
        'BEGIN:VEVENT',
        'UID:shop/backup/1@db1',
        'DTSTAMP:20261124T083005Z',
        'DTSTART:20261224T020000Z',
        'SUMMARY:shop/backup',
        'DESCRIPTION:one',
        'CATEGORIES:night,db',
        'TRANSP:TRANSPARENT',
        'END:VEVENT',
        'END:VCALENDAR',
        '',
      ].join('\r\n'),
    );
    assert.equal(utcStamp(0), '19700101T000000Z');
  });

  test('leaves no character with a meaning of its own as it is', () => {
    const description = 'a;b,c\\d\ne\r\nf\rg\u0007:"h"\ud800';
    const lines = unfolded(icalendar([event({ description })], head));
    assert.ok(lines.includes('DESCRIPTION:a\\;b\\,c\\\\d\\ne\\nf\\ng:"h"\ufffd'), lines.join('\n'));
  });

  test('has no line of more than 75 octets, and none that ends within a character', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', ' ', 'ü', '✓', '🎄', ','), maxLength: 300, size: 'max' });
    fc.assert(
      fc.property(letters, (description) => {
        const text = icalendar([event({ description })], head);
        const lines = text.split('\r\n');
        for (const line of lines) assert.ok(Buffer.byteLength(line) <= 75, line);
        assert.equal(Buffer.from(text).toString(), text);
        const kept = unfolded(text).find((line) => line.startsWith('DESCRIPTION:')) ?? 'DESCRIPTION:';
        assert.equal(kept.slice('DESCRIPTION:'.length).replaceAll('\\,', ','), description);
      }),
    );
    const full = unfolded(icalendar([event({ summary: 'x'.repeat(67) })], head));
    assert.ok(full.includes(`SUMMARY:${'x'.repeat(67)}`));
    assert.ok(icalendar([event({ summary: 'x'.repeat(67) })], head).includes(`SUMMARY:${'x'.repeat(67)}\r\n`));
    assert.ok(icalendar([event({ summary: 'x'.repeat(68) })], head).includes(`SUMMARY:${'x'.repeat(67)}\r\n x\r\n`));
  });

  test('is read by others as it was meant', { skip: skipWithoutReader }, () => {
    const description = `Köln; ${'überall, '.repeat(30)}\\ und\n🎄 danach`;
    const events = [
      event({ description, categories: ['night', 'db'] }),
      event({ uid: 'two@db1', at: Date.parse('2027-01-01T00:00Z') }),
    ];
    const read = readCalendar(icalendar(events, head));
    const stamp = '2026-11-24T08:30:05+00:00';
    assert.deepEqual(read, {
      version: '2.0',
      events: [
        {
          uid: 'shop/backup/1@db1',
          start: '2026-12-24T02:00:00+00:00',
          stamp,
          summary: 'shop/backup',
          description,
          categories: ['night', 'db'],
        },
        {
          uid: 'two@db1',
          start: '2027-01-01T00:00:00+00:00',
          stamp,
          summary: 'shop/backup',
          description: '',
          categories: [],
        },
      ],
    });
  });
});
