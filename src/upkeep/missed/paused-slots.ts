import type { Calendar } from '../../schedule/calendar/job-calendar.ts';
import { endOfPause } from '../../store/past-pauses.ts';
import type { Pause } from '../../store/pauses.ts';
import { type Stretch, stretchFrom } from './stretches.ts';

/** A part of a stretch, and the pause that held it back, if one did. */
export interface Part {
  readonly stretch: Stretch;
  readonly pause: Pause | undefined;
}

/** Parts a stretch by what held its slots back. @param pauses those of the job, in the order of their beginnings. */
export function partsOf(calendar: Calendar, stretch: Stretch, pauses: readonly Pause[]): readonly Part[] {
  if (pauses.length === 0) return [{ stretch, pause: undefined }];
  const parts: Part[] = [];
  let slot: number | undefined = stretch.first;
  while (slot !== undefined && slot <= stretch.last) {
    const part = partFrom(calendar, slot, stretch.last, pauses);
    parts.push(part);
    slot = calendar.next(part.stretch.last);
  }
  return parts;
}

function partFrom(calendar: Calendar, slot: number, last: number, pauses: readonly Pause[]): Part {
  const pause = pauses.find((one) => one.since <= slot && endOf(one) > slot);
  const next = pauses.find(({ since }) => since > slot)?.since ?? Number.POSITIVE_INFINITY;
  const end = pause === undefined ? next : endOf(pause);
  return { stretch: stretchFrom(calendar, slot, Math.min(last, end - 1)), pause };
}

function endOf(pause: Pause): number {
  return endOfPause(pause) ?? Number.POSITIVE_INFINITY;
}
