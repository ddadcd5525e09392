import type { Occasion } from '../schedule/calendar/occasions.ts';
import type { TimeView } from './views.ts';

/** What both voices show of an occasion that lies between the start and the end of its job. */
export function timeView(occasion: Occasion, runs: boolean, format: (instant: number) => string): readonly TimeView[] {
  const { at, kind, wall, name } = occasion;
  if (kind === 'before-start' || kind === 'after-end') return [];
  return [{ at: format(at), runs, kind, wall, name: name || null }];
}
