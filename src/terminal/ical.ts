/** A time as an event of a calendar program. */
export interface CalendarEvent {
  /** The same for the same event, whenever it is written, so that a second import changes the first one's events. */
  readonly uid: string;
  /** UTC milliseconds. */
  readonly at: number;
  readonly summary: string;
  /** May have several lines; empty for none. */
  readonly description: string;
  readonly categories: readonly string[];
}

/** What a calendar says of itself. */
export interface CalendarHead {
  readonly name: string;
  readonly version: string;
  /** When it is written. UTC milliseconds. */
  readonly now: number;
}

/** Events as an iCalendar object (RFC 5545). They take no time: nobody is busy because a job runs. */
export function icalendar(events: readonly CalendarEvent[], head: CalendarHead): string {
  const { name, version, now } = head;
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    `PRODID:-//cronwright//cronwright ${textValue(version)}//EN`,
    'CALSCALE:GREGORIAN',
    `X-WR-CALNAME:${textValue(name)}`,
    ...events.flatMap((event) => eventLines(event, now)),
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join('');
}

function eventLines({ uid, at, summary, description, categories }: CalendarEvent, now: number): readonly string[] {
  return [
    'BEGIN:VEVENT',
    `UID:${textValue(uid)}`,
    `DTSTAMP:${utcStamp(now)}`,
    `DTSTART:${utcStamp(at)}`,
    `SUMMARY:${textValue(summary)}`,
    ...(description === '' ? [] : [`DESCRIPTION:${textValue(description)}`]),
    ...(categories.length === 0 ? [] : [`CATEGORIES:${categories.map(textValue).join(',')}`]),
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
  ];
}

/** An instant as RFC 5545 section 3.3.5, form 2, writes it: `20261224T013000Z`. */
export function utcStamp(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/** A TEXT value (RFC 5545, section 3.3.11). It has no control characters but the tab and what stands for a line end. */
function textValue(text: string): string {
  return (
    text
      .replace(/\r\n?/g, '\n')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is left out
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
      .toWellFormed()
      .replace(/[\\;,]/g, '\\$&')
      .replace(/\n/g, '\\n')
  );
}

/** Octets of a line, its end apart (RFC 5545, section 3.1). */
const longestLine = 75;

/** A line in pieces of at most 75 octets, between characters, each but the first behind a blank. */
function folded(line: string): string {
  if (Buffer.byteLength(line) <= longestLine) return line;
  const pieces: string[] = [];
  let [piece, octets] = ['', 0];
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > longestLine) {
      pieces.push(piece);
      // The blank is one of the octets.
      [piece, octets] = ['', 1];
    }
    piece += character;
    octets += size;
  }
  return [...pieces, piece].join('\r\n ');
}
