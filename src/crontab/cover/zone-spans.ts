import { minuteMs } from '../../schedule/calendar/wall.ts';
import type { Span } from '../../schedule/zone/span.ts';
import type { Zone } from '../../schedule/zone/zone.ts';

export const dayMinutes = 1_440;

/** A time between two instants, UTC milliseconds; the second does not belong to it. */
export interface Period {
  readonly from: number;
  readonly until: number;
}

/** A period in which two clocks keep their offsets, in minutes east of UTC. */
export interface Stretch extends Period {
  readonly job: number;
  readonly host: number;
}

/** After so many years every date has come on every weekday, leap days included. */
const cycleYears = 28;

/** The years that a line has to hold for. They begin with a year, so that the line is the same all through it. */
export function comingYears(at: number): Period {
  const year = new Date(at).getUTCFullYear();
  return { from: Date.UTC(year, 0, 1), until: Date.UTC(year + cycleYears, 0, 1) };
}

const known = new WeakMap<Zone, Map<number, readonly Span[]>>();

/** The stretches of one offset that a zone has in these years, each begun by a change of the clock but perhaps the first. */
export function spansOf(zone: Zone, { from, until }: Period): readonly Span[] {
  const ofZone = known.get(zone) ?? new Map<number, readonly Span[]>();
  known.set(zone, ofZone);
  const spans = ofZone.get(from) ?? findSpans(zone, from, until);
  ofZone.set(from, spans);
  return spans;
}

/** Those of them that are begun by a change of the clock. */
export function changesOf(zone: Zone, years: Period): readonly Span[] {
  return spansOf(zone, years).filter(({ start }) => start >= years.from);
}

function findSpans(zone: Zone, from: number, until: number): readonly Span[] {
  const found: Span[] = [];
  for (let at = from; at < until; ) {
    const span = zone.spanAt(at);
    const last = found.at(-1);
    // A span may end without a change, where the table of the zone is read in pieces.
    if (last !== undefined && last.offset === span.offset) found[found.length - 1] = { ...last, end: span.end };
    else found.push(span);
    at = span.end;
  }
  return found;
}

/** Whether two zones show the same time in these years: `UTC` and `Etc/UTC`, `Europe/Oslo` and `Europe/Berlin`. */
export function isSameClock(one: Zone, other: Zone, years: Period): boolean {
  if (one === other) return true;
  const [spans, others] = [spansOf(one, years), spansOf(other, years)];
  return (
    spans.length === others.length &&
    spans.every(({ end, offset }, index) => {
      const twin = others[index];
      return twin !== undefined && twin.offset === offset && (twin.end === end || index === spans.length - 1);
    })
  );
}

/** What the clock on the wall skips where a span begins, in minutes; less than 0 for what it shows twice. */
export function skippedMinutes({ offset, before }: Span): number {
  return Math.round(offset - before);
}

/**
 * The stretches of both clocks, ascending.
 * @param later milliseconds by which a slot, whose instant decides on the offset of the host, is behind its wall time.
 */
export function stretchesOf(host: Zone, job: Zone, years: Period, later: number): readonly Stretch[] {
  const [ofHost, ofJob] = [spansOf(host, years), spansOf(job, years)];
  const changes = [...ofHost.map(({ end }) => end - later), ...ofJob.map(({ end }) => end)];
  const inside = changes.filter((at) => years.from < at && at < years.until);
  const starts = [...new Set([years.from, ...inside])].sort((a, b) => a - b);
  return starts.map((from, index) => ({
    from,
    until: starts[index + 1] ?? years.until,
    host: offsetIn(ofHost, from + later),
    job: offsetIn(ofJob, from),
  }));
}

function offsetIn(spans: readonly Span[], at: number): number {
  return Math.round((spans.find(({ end }) => at < end) ?? spans.at(-1))?.offset ?? 0);
}

/** What a clock on the wall shows. */
export interface Wall {
  /** Since 1970-01-01. */
  readonly day: number;
  /** 0 to 1439. */
  readonly minute: number;
}

/** What a clock shows that many minutes east of UTC. */
export function wallOf(instant: number, offset: number): Wall {
  const minutes = Math.floor(instant / minuteMs + offset);
  const day = Math.floor(minutes / dayMinutes);
  return { day, minute: minutes - day * dayMinutes };
}
