import { usualSettings } from '../job/completed.ts';
import { Ring } from './ring.ts';
import { type Stream, streams } from './stream.ts';

/** A piece of a task's output as it is kept. It never changes once it was handed out. */
export interface Piece {
  /** Ascending over both streams and all attempts, with gaps. */
  readonly seq: number;
  /** Counts from 1. */
  readonly attempt: number;
  readonly stream: Stream;
  /** When its first byte came, in milliseconds since 1970. */
  readonly at: number;
  /** 1 to 4096 bytes, as the task wrote them: perhaps no text, perhaps half a character at either end. */
  readonly bytes: Buffer;
}

/** What happened to the kept output since it was last asked: a store that adds, then drops, holds what is kept now. */
export interface CaptureChanges {
  /** In the order of `seq`. */
  readonly add: readonly Piece[];
  /** The `seq` of pieces that were added earlier and are kept no longer. */
  readonly drop: readonly number[];
}

/** How many bytes a stream had in all, and how many of them are not kept. */
export interface StreamTotal {
  readonly bytes: number;
  readonly omitted: number;
}

/** How many bytes of each stream are kept: from its beginning, and from its end. */
export interface CaptureLimits {
  readonly head: number;
  readonly tail: number;
}

/** The limits of a job that keeps so many bytes of each stream: half for the beginning, half for the end. */
export function limitsOf(keep: number): CaptureLimits {
  const head = Math.floor(keep / 2);
  return { head, tail: keep - head };
}

const largestPiece = 4 * 1024;
/** A piece takes a sixteenth of the tail at most, because the tail moves on by whole pieces. */
const piecesPerTail = 16;
/** As long as a part has no more pieces than this, their bytes alone count: a million lines of a few bytes cost more. */
const mostPieces = 64 * 1024;
/** Milliseconds within which output of one stream is joined to one piece. */
const joinWithin = 200;

/** Where a piece lies. */
interface Mark {
  readonly seq: number;
  readonly attempt: number;
  readonly stream: Stream;
  readonly at: number;
  readonly start: number;
  length: number;
}

/** The beginning or the end of one stream. */
interface Part {
  readonly ring: Ring;
  readonly marks: Mark[];
  /** More pieces than these push out the oldest; the beginning loses none. */
  readonly most: number;
  used: number;
}

/**
 * The output of a run, bounded: of each stream the first bytes exactly, and of the rest the last ones, less than one
 * piece short of the limit once some were left out. Each part may fall short of its limit where it came in very many
 * very small pieces. Memory is the limits and a mark for each piece, whatever the task writes. A store mirrors it by
 * asking for `changes` now and then.
 */
export class Capture {
  readonly #pieceSize: number;
  readonly #heads: Readonly<Record<Stream, Part>>;
  readonly #tails: Readonly<Record<Stream, Part>>;
  readonly #bytes: Record<Stream, number> = { stdout: 0, stderr: 0 };
  #lastSeq = 0;
  #handedOut = 0;
  #dropped: number[] = [];

  constructor({ head, tail }: CaptureLimits = limitsOf(usualSettings.output.keep)) {
    this.#pieceSize = Math.min(largestPiece, Math.max(1, Math.floor(tail / piecesPerTail)));
    this.#heads = { stdout: part(head, Number.POSITIVE_INFINITY), stderr: part(head, Number.POSITIVE_INFINITY) };
    this.#tails = { stdout: part(tail, mostPieces), stderr: part(tail, mostPieces) };
  }

  /** Takes what a stream wrote; the bytes may be reused after the call. */
  push(stream: Stream, attempt: number, bytes: Uint8Array, at: number): void {
    this.#bytes[stream] += bytes.length;
    const head = this.#heads[stream];
    const tail = this.#tails[stream];
    const first = bytes.subarray(0, this.#roomInHead(stream));
    this.#keep(head, first, { stream, attempt, at });
    const rest = bytes.subarray(first.length);
    // All that is kept of the tail is older than what is passed over here, so nothing of it can stay.
    if (rest.length > tail.ring.capacity) this.#makeRoom(tail, tail.ring.capacity);
    this.#keep(tail, rest.subarray(Math.max(0, rest.length - tail.ring.capacity)), { stream, attempt, at });
  }

  /** What was added and dropped since the last call. Pieces that came and went between two calls never appear. */
  changes(): CaptureChanges {
    const add = this.#piecesAfter(this.#handedOut);
    const drop = this.#dropped;
    this.#dropped = [];
    this.#handedOut = this.#lastSeq;
    return { add, drop };
  }

  /** All that is kept now, in the order of `seq`. */
  pieces(): readonly Piece[] {
    return this.#piecesAfter(0);
  }

  totals(): Readonly<Record<Stream, StreamTotal>> {
    return { stdout: this.#total('stdout'), stderr: this.#total('stderr') };
  }

  #total(stream: Stream): StreamTotal {
    const bytes = this.#bytes[stream];
    return { bytes, omitted: bytes - this.#heads[stream].used - this.#tails[stream].used };
  }

  /** Once there is none there never is again, so that the head has no gaps. */
  #roomInHead(stream: Stream): number {
    const { ring, marks, used } = this.#heads[stream];
    return marks.length >= mostPieces ? 0 : ring.capacity - used;
  }

  #keep(target: Part, bytes: Uint8Array, from: Pick<Mark, 'stream' | 'attempt' | 'at'>): void {
    for (let rest = bytes; rest.length > 0; ) {
      const open = this.#openMark(target, from);
      const piece = rest.subarray(0, this.#pieceSize - (open?.length ?? 0));
      this.#makeRoom(target, piece.length);
      if (open === undefined)
        target.marks.push({ seq: ++this.#lastSeq, ...from, start: target.ring.end, length: piece.length });
      else open.length += piece.length;
      target.ring.append(piece);
      target.used += piece.length;
      rest = rest.subarray(piece.length);
    }
  }

  /** The piece that more output may join: the newest of all, not handed out, not full, recent, of the same attempt. */
  #openMark(target: Part, { attempt, at }: Pick<Mark, 'attempt' | 'at'>): Mark | undefined {
    const mark = target.marks.at(-1);
    if (mark === undefined || mark.seq !== this.#lastSeq || mark.seq <= this.#handedOut) return undefined;
    if (mark.length >= this.#pieceSize || mark.attempt !== attempt) return undefined;
    return at >= mark.at && at - mark.at < joinWithin ? mark : undefined;
  }

  /** Drops the oldest pieces until `length` bytes fit. A piece that is being filled is never among them: see piecesPerTail. */
  #makeRoom(target: Part, length: number): void {
    while (target.used + length > target.ring.capacity || target.marks.length > target.most) {
      const oldest = target.marks.shift();
      if (oldest === undefined) return;
      target.used -= oldest.length;
      if (oldest.seq <= this.#handedOut) this.#dropped.push(oldest.seq);
    }
  }

  #piecesAfter(seq: number): readonly Piece[] {
    const parts = streams.flatMap((stream) => [this.#heads[stream], this.#tails[stream]]);
    return parts.flatMap((each) => newerThan(seq, each)).sort((a, b) => a.seq - b.seq);
  }
}

function part(capacity: number, most: number): Part {
  return { ring: new Ring(capacity), marks: [], most, used: 0 };
}

function newerThan(seq: number, { marks, ring }: Part): readonly Piece[] {
  const first = marks.findLastIndex((mark) => mark.seq <= seq) + 1;
  return marks.slice(first).map(({ start, length, ...rest }) => ({
    seq: rest.seq,
    attempt: rest.attempt,
    stream: rest.stream,
    at: rest.at,
    bytes: ring.copy(start, length),
  }));
}
