import type { Calendar } from '../../schedule/calendar/job-calendar.ts';
import type { Served } from '../../store/missed.ts';

/** Slots of a job that passed without a start, none between them started. Times are UTC milliseconds. */
export interface Stretch {
  readonly first: number;
  readonly last: number;
  readonly count: number;
  /** There are more than were counted: the number is the likely one. */
  readonly isRough: boolean;
}

/** From where slots are looked at, and what has become of them. */
export interface Looking {
  /** The first instant that is not accounted for. */
  readonly from: number;
  /** A slot after this may still get its start; up to `now` only those that have it are accounted for. */
  readonly limit: number;
  readonly now: number;
  /** In the order of their first slots. */
  readonly served: readonly Served[];
}

/** What was found, and the first slot that is not accounted for by it; undefined where none is to come. */
export interface Found {
  readonly stretches: readonly Stretch[];
  readonly next: number | undefined;
}

/** More slots of a stretch are not counted one by one. */
const mostCounted = 1_000;
/** One look goes no further; the next tick goes on from there. */
const mostLooked = 2_000;

/** The stretches of slots that nothing has started, in their order. */
export function unservedSlots(calendar: Calendar, { from, limit, now, served }: Looking): Found {
  const stretches: Stretch[] = [];
  const left = [...served].reverse();
  let slot = calendar.next(from - 1);
  for (let looked = 0; slot !== undefined && slot <= now && looked < mostLooked; looked++) {
    const behind = firstServed(left, slot);
    if (behind > slot && slot > limit) break;
    let end = slot;
    if (behind > slot) {
      const stretch = stretchFrom(calendar, slot, Math.min(limit, behind - 1));
      stretches.push(stretch);
      looked += stretch.count;
      end = stretch.last;
    }
    slot = calendar.next(end);
  }
  return { stretches, next: slot };
}

/** The first slot from an instant on that is accounted for; what lies before it is taken from the list. */
function firstServed(left: Served[], slot: number): number {
  while ((left.at(-1)?.last ?? slot) < slot) left.pop();
  return left.at(-1)?.first ?? Number.POSITIVE_INFINITY;
}

/** The stretch of all slots from one on. @param end the last instant that belongs to it. */
export function stretchFrom(calendar: Calendar, first: number, end: number): Stretch {
  let [last, count] = [first, 1];
  for (const slot of calendar.slots(first, end)) {
    if (count === mostCounted) return roughStretch(calendar, { first, last, count, isRough: true }, end);
    last = slot;
    count++;
  }
  return { first, last, count, isRough: false };
}

/** A stretch that goes on to `end`, with as many slots as it has if they come as they did until now. */
function roughStretch(calendar: Calendar, counted: Stretch, end: number): Stretch {
  const { first, last: until, count } = counted;
  const last = calendar.latest(end, until) ?? until;
  return { first, last, count: Math.round(((last - first) / (until - first)) * (count - 1)) + 1, isRough: true };
}

/** A stretch without its last slots, of which these are the first; undefined where nothing is left of it. */
export function without(calendar: Calendar, stretch: Stretch, slots: readonly number[]): Stretch | undefined {
  const [first] = slots;
  if (first === undefined) return stretch;
  const last = first > stretch.first ? calendar.latest(first - 1, stretch.first) : undefined;
  return last === undefined ? undefined : { ...stretch, last, count: Math.max(1, stretch.count - slots.length) };
}

/** The last slots of a stretch that are not before an instant, ascending, at most so many. */
export function lastSlots(
  calendar: Calendar,
  { first, last }: Stretch,
  since: number,
  most: number,
): readonly number[] {
  const slots: number[] = [];
  const notBefore = Math.max(first, since);
  let slot = last >= notBefore ? last : undefined;
  while (slot !== undefined && slots.length < most) {
    slots.unshift(slot);
    slot = slot > notBefore ? calendar.latest(slot - 1, notBefore) : undefined;
  }
  return slots;
}
