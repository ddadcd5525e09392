import type { Moment } from '../../store/beats.ts';
import type { Gap } from '../../store/gaps.ts';

/** Ticks come once a minute, and on a busy machine a little late. */
const longestUsual = 150_000;
/** By so much may two clocks differ and the clock was not set, nor the machine asleep. */
const tolerance = 60_000;

/**
 * What lies between two ticks; undefined where one came in time after the other. Of an earlier version's tick only the
 * time is known.
 */
export function gapBetween(before: Moment | Pick<Moment, 'at'>, now: Moment): Gap | undefined {
  const passed = now.at - before.at;
  if (passed >= 0 && passed <= longestUsual) return undefined;
  if (passed < 0) return { from: now.at, until: before.at, cause: 'clock-back' };
  if (!('boot' in before)) return { from: before.at, until: now.at, cause: 'cron-silent' };
  return causeOf(before, now);
}

function causeOf(before: Moment, now: Moment): Gap {
  const gap = { from: before.at, until: now.at };
  const passed = now.at - before.at;
  const elapsed = now.uptime - before.uptime;
  // A container that is started anew may keep the boot id of its machine.
  if (before.boot !== now.boot || elapsed < 0) return { ...gap, cause: 'machine-off' };
  const set = passed - elapsed;
  if (set > tolerance) return { ...gap, from: now.at - set, cause: 'clock-forward' };
  if (set < -tolerance) return { from: now.at, until: now.at - set, cause: 'clock-back' };
  const asleep = elapsed - (now.awake - before.awake);
  return { ...gap, cause: asleep > tolerance ? 'machine-asleep' : 'cron-silent' };
}
