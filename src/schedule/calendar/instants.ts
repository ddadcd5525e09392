/** Instants in UTC milliseconds, found from either side. */
export interface Instants {
  /** The first after `after`; undefined when there is none within some forty years. */
  next(after: number): number | undefined;
  /** The last at or before `at` that is not before `notBefore`. */
  latest(at: number, notBefore: number): number | undefined;
}

/** Those of several together. */
export function merged(parts: readonly Instants[]): Instants {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  return {
    next(after) {
      let first: number | undefined;
      for (const part of parts) {
        const found = part.next(after);
        if (found !== undefined && (first === undefined || found < first)) first = found;
      }
      return first;
    },
    latest(at, notBefore) {
      let last: number | undefined;
      for (const part of parts) last = part.latest(at, last ?? notBefore) ?? last;
      return last;
    },
  };
}

/** All of them later by some milliseconds. */
export function later(instants: Instants, ms: number): Instants {
  if (ms === 0) return instants;
  const moved = (found: number | undefined) => (found === undefined ? undefined : found + ms);
  return {
    next: (after) => moved(instants.next(after - ms)),
    latest: (at, notBefore) => moved(instants.latest(at - ms, notBefore - ms)),
  };
}

/** Those after `after`, ascending and without repeats, up to and with `until`. */
export function* walk(instants: Instants, after: number, until: number): Generator<number, void, undefined> {
  let found = instants.next(after);
  while (found !== undefined && found <= until) {
    yield found;
    found = instants.next(found);
  }
}
