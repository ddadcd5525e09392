import { type PosixRule, readPosixRule, type Turn, turnsOf } from './posix-rule.ts';
import type { Span } from './span.ts';

/** Length of a header, RFC 9636 section 3.1. */
const headerLength = 44;
/** The ends of what Date can name, in milliseconds. */
const [beginning, end] = [-8.64e15, 8.64e15];

/** No span goes over a multiple of this, some 139 years: who walks from span to span comes to an end in every zone. */
const eonMs = 2 ** 42;

/**
 * The changes of a zone as the system's data have them (TZif, RFC 9636): those that are listed, and a rule for the time
 * behind the last of them. Nothing is taken apart before it is asked for: a search reads a dozen of the numbers.
 */
export class ZoneChanges {
  readonly #bytes: Buffer;
  readonly #counts: Counts;
  /** Where the times begin. */
  readonly #start: number;
  readonly #readRule: () => PosixRule | undefined;
  /** Not read before it is needed: the listed changes go on for years. */
  #rule: PosixRule | undefined | 'unread' = 'unread';
  readonly #lastListed: number;

  private constructor({ bytes, start, counts }: Block, readRule: () => PosixRule | undefined) {
    this.#bytes = bytes;
    this.#start = start;
    this.#counts = counts;
    this.#readRule = readRule;
    this.#lastListed = this.#listed(counts.times - 1)?.at ?? beginning;
  }

  /** Undefined for bytes that are no TZif of version 2 or later, or that count leap seconds. */
  static read(bytes: Buffer): ZoneChanges | undefined {
    const old = readCounts(bytes, 0);
    if (old === undefined || (bytes[4] ?? 0) < 0x32) return undefined;
    const header = headerLength + blockLength(old, 4);
    const counts = readCounts(bytes, header);
    const start = header + headerLength;
    if (counts === undefined || counts.types === 0 || counts.leaps > 0) return undefined;
    const footer = start + blockLength(counts, 8);
    if (footer > bytes.length) return undefined;
    const readRule = () => {
      const text = bytes.toString('latin1', footer + 1, bytes.length - 1);
      // Without dates of its own it changes nothing, as for a host in UTC, and is not worth its expressions.
      return text.includes(',') ? readPosixRule(text) : undefined;
    };
    return new ZoneChanges({ bytes, start, counts }, readRule);
  }

  /** The changes of a zone that has a rule alone. */
  static ofRule(rule: PosixRule): ZoneChanges {
    const bytes = Buffer.alloc(6);
    bytes.writeInt32BE(rule.standard);
    const counts: Counts = { utc: 0, standard: 0, leaps: 0, times: 0, types: 1, letters: 0 };
    return new ZoneChanges({ bytes, start: 0, counts }, () => rule);
  }

  /** A listed change that leaves the offset as it is, for a new name of it, is passed over. */
  spanAt(instant: number): Span {
    const eon = Math.floor(instant / eonMs) * eonMs;
    const initial = this.#offset(0);
    let turn = this.#latest(instant);
    const offset = turn?.offset ?? initial;
    let before = offset;
    while (turn !== undefined && turn.at > eon && before === offset) {
      const earlier = this.#latest(turn.at - 1);
      before = earlier?.offset ?? initial;
      if (before === offset) turn = earlier;
    }
    let next = this.#next(instant);
    while (next?.offset === offset) next = this.#next(next.at);
    const start = turn === undefined || turn.at <= eon ? eon : turn.at;
    return { start, end: Math.min(next?.at ?? eon + eonMs, eon + eonMs), offset: offset / 60, before: before / 60 };
  }

  /** The last change at or before an instant. */
  #latest(instant: number): Turn | undefined {
    const ruled = instant > this.#lastListed ? this.#ruled(instant).findLast(({ at }) => at <= instant) : undefined;
    return ruled ?? this.#listed(this.#search(instant));
  }

  #next(instant: number): Turn | undefined {
    return this.#listed(this.#search(instant) + 1) ?? this.#ruled(instant).find(({ at }) => at > instant);
  }

  /** The changes by the rule in the years around an instant. */
  #ruled(instant: number): readonly Turn[] {
    if (this.#rule === 'unread') this.#rule = this.#readRule();
    const rule = this.#rule;
    if (rule?.daylight === undefined) return [];
    const from = Math.max(instant, this.#lastListed);
    const year = new Date(from).getUTCFullYear();
    return turnsOf(rule, [year - 1, year, year + 1]).filter(({ at }) => at > this.#lastListed);
  }

  /** The index of the last listed change at or before an instant; -1 where it is before all of them. */
  #search(instant: number): number {
    let [low, high] = [-1, this.#counts.times - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#time(middle) <= instant) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #listed(index: number): Turn | undefined {
    const { times } = this.#counts;
    if (index < 0 || index >= times) return undefined;
    const type = this.#bytes[this.#start + times * 8 + index] ?? 0;
    return { at: this.#time(index), offset: this.#offset(type) };
  }

  /** Without big integers, which V8 makes one by one: 53 bits hold every time that Date can name. */
  #time(index: number): number {
    const place = this.#start + index * 8;
    const value = this.#bytes.readInt32BE(place) * 2 ** 32 + this.#bytes.readUInt32BE(place + 4);
    return Math.max(beginning, Math.min(end, value * 1_000));
  }

  /** Seconds east of UTC of a type of local time; the first is in force before all changes. */
  #offset(type: number): number {
    const { times, types } = this.#counts;
    return this.#bytes.readInt32BE(this.#start + times * 9 + Math.min(type, types - 1) * 6);
  }
}

/** A block of data: its counts, and where its times begin. */
interface Block {
  readonly bytes: Buffer;
  readonly start: number;
  readonly counts: Counts;
}

interface Counts {
  readonly utc: number;
  readonly standard: number;
  readonly leaps: number;
  readonly times: number;
  readonly types: number;
  readonly letters: number;
}

function readCounts(bytes: Buffer, at: number): Counts | undefined {
  if (at + headerLength > bytes.length || bytes.toString('latin1', at, at + 4) !== 'TZif') return undefined;
  const count = (index: number) => bytes.readUInt32BE(at + 20 + index * 4);
  return { utc: count(0), standard: count(1), leaps: count(2), times: count(3), types: count(4), letters: count(5) };
}

/** @param size bytes of a time: 4 in the first block, 8 in the second. */
function blockLength({ utc, standard, leaps, times, types, letters }: Counts, size: number): number {
  return times * (size + 1) + types * 6 + letters + leaps * (size + 4) + standard + utc;
}
