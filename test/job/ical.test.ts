import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UserError } from '../../src/errors.ts';
import { datesOfCalendar } from '../../src/job/ical.ts';

/** A calendar of events, each as the lines within it. */
function calendar(...events: readonly (readonly string[])[]): string {
  const lines = events.flatMap((event, index) => ['BEGIN:VEVENT', `UID:event-${index}`, ...event, 'END:VEVENT']);
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n');
}

/** `2026-12-24..2026-12-25 Name`, one date alone as itself. */
function shown(text: string): readonly string[] {
  return datesOfCalendar(text).map(({ from, to, name }) => `${from === to ? from : `${from}..${to}`} ${name}`.trim());
}

describe('the dates of an event', () => {
  for (const [what, lines, dates] of [
    ['of a whole day', ['DTSTART;VALUE=DATE:20261225', 'DTEND;VALUE=DATE:20261226'], ['2026-12-25']],
    [
      'of several days end the day before its end',
      ['DTSTART;VALUE=DATE:20261224', 'DTEND;VALUE=DATE:20270102'],
      ['2026-12-24..2027-01-01'],
    ],
    ['without an end are its first', ['DTSTART;VALUE=DATE:20261225'], ['2026-12-25']],
    ['with a duration are as many', ['DTSTART;VALUE=DATE:20261225', 'DURATION:P3D'], ['2026-12-25..2026-12-27']],
    [
      'that ends as it begins are its first',
      ['DTSTART;VALUE=DATE:20261225', 'DTEND;VALUE=DATE:20261225'],
      ['2026-12-25'],
    ],
    [
      'that ends before it begins are its first',
      ['DTSTART;VALUE=DATE:20261225', 'DTEND;VALUE=DATE:20261223'],
      ['2026-12-25'],
    ],
    ['whose date is not said to be one are the same', ['DTSTART:20261225', 'DTEND:20261226'], ['2026-12-25']],
    [
      'with times are those it touches',
      ['DTSTART;TZID=Europe/Berlin:20261225T200000', 'DTEND;TZID=Europe/Berlin:20261226T020000'],
      ['2026-12-25..2026-12-26'],
    ],
    [
      'that ends at midnight are without the next',
      ['DTSTART:20261225T080000', 'DTEND:20261226T000000'],
      ['2026-12-25'],
    ],
    ['in UTC are those as written', ['DTSTART:20261225T230000Z', 'DTEND:20261225T233000Z'], ['2026-12-25']],
    ['that is cancelled are none', ['DTSTART;VALUE=DATE:20261225', 'STATUS:CANCELLED'], []],
    ['that leaves the time free count', ['DTSTART;VALUE=DATE:20261225', 'TRANSP:TRANSPARENT'], ['2026-12-25']],
    [
      'that is listed by dates are these',
      ['DTSTART;VALUE=DATE:20261225', 'RDATE;VALUE=DATE:20270106,20270108'],
      ['2027-01-06', '2027-01-08'],
    ],
    [
      'that comes three times without the second are two',
      ['DTSTART;VALUE=DATE:20261201', 'RRULE:FREQ=WEEKLY;COUNT=3', 'EXDATE;VALUE=DATE:20261208'],
      ['2026-12-01', '2026-12-15'],
    ],
    [
      'that comes until a date include it',
      ['DTSTART;VALUE=DATE:20261201', 'RRULE:FREQ=DAILY;UNTIL=20261203'],
      ['2026-12-01..2026-12-03'],
    ],
  ] as const) {
    it(what, () => assert.deepEqual(shown(calendar(lines)), dates));
  }
});

describe('a yearly event', () => {
  it('is followed to the end of 2040', () => {
    const dates = shown(calendar(['SUMMARY:Christmas Day', 'DTSTART;VALUE=DATE:20241225', 'RRULE:FREQ=YEARLY']));
    assert.equal(dates.length, 17);
    assert.deepEqual([dates[0], dates.at(-1)], ['2024-12-25 Christmas Day', '2040-12-25 Christmas Day']);
  });

  it('on 29 February is there in leap years alone', () => {
    const dates = shown(calendar(['DTSTART;VALUE=DATE:20240229', 'RRULE:FREQ=YEARLY']));
    assert.deepEqual(dates, ['2024-02-29', '2028-02-29', '2032-02-29', '2036-02-29', '2040-02-29']);
  });

  it('on the fourth Thursday of November is there', () => {
    const dates = shown(calendar(['DTSTART;VALUE=DATE:20241128', 'RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH']));
    assert.deepEqual(dates.slice(0, 3), ['2024-11-28', '2025-11-27', '2026-11-26']);
  });
});

describe('an event of which single times were changed', () => {
  const series = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'BEGIN:VEVENT', 'UID:a', 'SUMMARY:Closed'];
  const text = (...change: readonly string[]) =>
    [
      ...series,
      'DTSTART;VALUE=DATE:20261201',
      'RRULE:FREQ=WEEKLY;COUNT=3',
      'END:VEVENT',
      'BEGIN:VEVENT',
      'UID:a',
      ...change,
      'END:VEVENT',
      'END:VCALENDAR',
    ].join('\r\n');

  it('has a moved one where it was moved to, by its own name', () => {
    const dates = shown(text('RECURRENCE-ID;VALUE=DATE:20261208', 'DTSTART;VALUE=DATE:20261209', 'SUMMARY:Moved'));
    assert.deepEqual(dates, ['2026-12-01 Closed', '2026-12-09 Moved', '2026-12-15 Closed']);
  });

  it('does not have a cancelled one', () => {
    const dates = shown(text('RECURRENCE-ID;VALUE=DATE:20261208', 'DTSTART;VALUE=DATE:20261208', 'STATUS:CANCELLED'));
    assert.deepEqual(dates, ['2026-12-01 Closed', '2026-12-15 Closed']);
  });
});

describe('what is written differently', () => {
  const plain = calendar([
    'SUMMARY:Heiligabend und die Tage danach',
    'DTSTART;VALUE=DATE:20261224',
    'DTEND;VALUE=DATE:20261227',
  ]);
  const expected = ['2026-12-24..2026-12-26 Heiligabend und die Tage danach'];

  for (const [what, text] of [
    ['folded lines', plain.replace('und die', 'und\r\n  die').replace('20261224', '2026\r\n 1224')],
    ['line feeds alone', plain.replaceAll('\r\n', '\n')],
    ['a byte order mark', `\uFEFF${plain}`],
    ['an escaped comma', plain.replace('Heiligabend und', 'Heiligabend\\, ja\\; und')],
    ['small letters', plain.replace('BEGIN:VEVENT', 'begin:vevent').replace('END:VEVENT', 'end:vevent')],
    ['blank lines at the end', `${plain}\r\n\r\n`],
    ['properties that nobody knows', plain.replace('SUMMARY', 'X-APPLE-TRAVEL;X-A="b:c;d":1\r\nSUMMARY')],
  ] as const) {
    it(`is read the same: ${what}`, () => {
      const found = shown(text).map((line) => line.replace('\u002c ja; ', ' '));
      assert.deepEqual(found, expected);
    });
  }

  it('is all taken where a file holds two calendars', () => {
    const other = calendar(['DTSTART;VALUE=DATE:20270101']);
    assert.deepEqual(shown(plain + other), [...expected, '2027-01-01']);
  });

  it('has names on one line and without control characters', () => {
    const dates = shown(calendar(['SUMMARY:Day\\nof \u001b[31mred', 'DTSTART;VALUE=DATE:20270101']));
    assert.deepEqual(dates, ['2027-01-01 Day of [31mred']);
  });
});

describe('a text that cannot be taken', () => {
  const refused = (text: string, message: RegExp) =>
    assert.throws(
      () => datesOfCalendar(text),
      (error) => error instanceof UserError && message.test(error.message) && error.hint !== undefined,
    );

  it('is one that is no calendar', () => {
    for (const text of ['', 'holidays:\n  - 2026-12-25\n', '<html>', '\0\0', 'BEGIN:VCARD\r\nEND:VCARD\r\n']) {
      refused(text, /no iCalendar text/);
    }
  });

  it('is one that breaks off or has a line without sense', () => {
    const whole = calendar(['SUMMARY:New Year', 'DTSTART;VALUE=DATE:20270101']);
    refused(whole.replace('SUMMARY:', 'SUMMARY'), /cannot be read/);
    refused(whole.slice(0, whole.indexOf('END:VEVENT')), /cannot be read/);
  });

  it('is one with an event whose dates or rule cannot be read, which is named', () => {
    for (const lines of [
      ['DTSTART:soon'],
      ['COMMENT:none'],
      ['DTSTART;VALUE=DATE:20261301'],
      ['DTSTART;VALUE=DATE:20270101', 'RRULE:FREQ=SOMETIMES'],
    ]) {
      refused(calendar(['SUMMARY:New Year', ...lines]), /cannot be read/);
    }
    refused(calendar(['SUMMARY:New Year', 'DTSTART:soon']), /New Year|soon/);
  });

  it('is one with a rule that goes through every second and takes none', () => {
    const never = ['DTSTART:20260101T000000Z', 'RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30'];
    refused(calendar(never), /too seldom/);
  });

  it('is one with more dates than a calendar of holidays has', () => {
    const each = ['DTSTART:20200101T000000', 'RRULE:FREQ=SECONDLY'];
    refused(calendar(...Array.from({ length: 11 }, () => each)), /more than 50,000 dates/);
  });
});

it('a rule whose date never comes ends with the last year that is looked at', () => {
  const never = ['DTSTART;VALUE=DATE:20260101', 'RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30'];
  assert.deepEqual(shown(calendar(never)), ['2026-01-01']);
});

it('an event that comes too often is followed for 5000 times', () => {
  const [span, ...others] = datesOfCalendar(calendar(['DTSTART:20200101T000000', 'RRULE:FREQ=MINUTELY']));
  assert.deepEqual([span, others], [{ from: '2020-01-01', to: '2020-01-04', name: '' }, []]);
});

describe('what calendar programs export', () => {
  const google = `BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:PUBLISH
X-WR-CALNAME:Holidays in Germany
X-WR-TIMEZONE:UTC
X-WR-CALDESC:Holidays and Observances in Germany
BEGIN:VEVENT
DTSTART;VALUE=DATE:20261225
DTEND;VALUE=DATE:20261226
DTSTAMP:20260301T101112Z
UID:20261225_0abc@google.com
CLASS:PUBLIC
CREATED:20240517T103112Z
DESCRIPTION:Public holiday\\nTo hide observances, go to Google Calendar Setti
 ngs > Holidays in Germany
SEQUENCE:0
STATUS:CONFIRMED
SUMMARY:Christmas Day
TRANSP:TRANSPARENT
END:VEVENT
END:VCALENDAR
`;
  const apple = `BEGIN:VCALENDAR
METHOD:PUBLISH
VERSION:2.0
PRODID:-//Apple Inc.//macOS 15.1//EN
X-APPLE-CALENDAR-COLOR:#1BADF8
X-WR-CALNAME:Feiertage
BEGIN:VEVENT
TRANSP:TRANSPARENT
DTEND;VALUE=DATE:20240502
X-APPLE-UNIVERSAL-ID:2c1ba0a9
UID:9B3C
DTSTAMP:20240101T000000Z
SEQUENCE:1
SUMMARY;LANGUAGE=de:Tag der Arbeit
DTSTART;VALUE=DATE:20240501
RRULE:FREQ=YEARLY;COUNT=2
BEGIN:VALARM
UID:A1
TRIGGER:-PT15H
ACTION:DISPLAY
END:VALARM
END:VEVENT
END:VCALENDAR
`;
  const thunderbird = `BEGIN:VCALENDAR
PRODID:-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN
VERSION:2.0
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
END:VTIMEZONE
BEGIN:VTODO
UID:todo
SUMMARY:No event
DTSTART;VALUE=DATE:20260101
END:VTODO
BEGIN:VEVENT
LAST-MODIFIED:20260102T101010Z
UID:f00
SUMMARY:Stocktaking
RRULE:FREQ=MONTHLY;COUNT=2;BYDAY=-1FR
DTSTART;TZID=Europe/Berlin:20260130T200000
DTEND;TZID=Europe/Berlin:20260131T040000
END:VEVENT
END:VCALENDAR
`;
  for (const [program, text, dates] of [
    ['Google Calendar', google, ['2026-12-25 Christmas Day']],
    ['Apple Calendar', apple, ['2024-05-01 Tag der Arbeit', '2025-05-01 Tag der Arbeit']],
    ['Thunderbird', thunderbird, ['2026-01-30..2026-01-31 Stocktaking', '2026-02-27..2026-02-28 Stocktaking']],
  ] as const) {
    it(`is read: ${program}`, () => assert.deepEqual(shown(text.replaceAll('\n', '\r\n')), dates));
  }
});
