/** A stretch of time in which a zone keeps one offset. Instants are UTC milliseconds, offsets minutes east of UTC. */
export interface Span {
  /** Its first instant: a change of the clock, or a point further back than some months where no change is that near. */
  readonly start: number;
  /** The first instant after it; the next span may have the same offset. */
  readonly end: number;
  readonly offset: number;
  /** The offset just before `start`; the same where `start` is no change of the clock. */
  readonly before: number;
}

interface Change {
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

/** No zone of the database has changed twice within three days; Brazil did within seven, in October 2000. */
const sampleMs = 3 * 86_400_000;
const chunkMs = 40 * sampleMs;

/** Finds and remembers the changes of a zone's offset, some months at a time and only where somebody asks. */
export class SpanTable {
  readonly #offsetAt: (instant: number) => number;
  readonly #chunks = new Map<number, readonly Change[]>();
  #last: Span | undefined;

  constructor(offsetAt: (instant: number) => number) {
    this.#offsetAt = offsetAt;
  }

  spanAt(instant: number): Span {
    const last = this.#last;
    if (last !== undefined && last.start <= instant && instant < last.end) return last;
    const chunk = Math.floor(instant / chunkMs);
    const past = this.#changesIn(chunk - 1);
    const present = this.#changesIn(chunk);
    const change = [...past, ...present].findLast(({ at }) => at <= instant);
    const offset = change?.after ?? this.#offsetAt(instant);
    const end = present.find(({ at }) => at > instant)?.at ?? (chunk + 1) * chunkMs;
    const span = { start: change?.at ?? (chunk - 1) * chunkMs, end, offset, before: change?.before ?? offset };
    this.#last = span;
    return span;
  }

  /** The changes after the start of a chunk, up to and with its end. */
  #changesIn(chunk: number): readonly Change[] {
    const found = this.#chunks.get(chunk);
    if (found !== undefined) return found;
    const changes: Change[] = [];
    let before = this.#offsetAt(chunk * chunkMs);
    for (let from = chunk * chunkMs; from < (chunk + 1) * chunkMs; from += sampleMs) {
      const after = this.#offsetAt(from + sampleMs);
      if (after !== before) changes.push({ at: this.#bisect(from, from + sampleMs, before), before, after });
      before = after;
    }
    this.#chunks.set(chunk, changes);
    return changes;
  }

  /** The first second at which the offset is no longer `before`; it is at `from` and not at `to`. */
  #bisect(from: number, to: number, before: number): number {
    let [low, high] = [from / 1_000, to / 1_000];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.#offsetAt(middle * 1_000) === before) low = middle;
      else high = middle;
    }
    return high * 1_000;
  }
}
