import { type Settings, usualSettings } from './completed.ts';
import { milliseconds } from './duration.ts';
import type { DateSpan, DaylightPolicy, Jitter } from './job.ts';
import type { Defaults } from './shape.ts';

/** The settings that say when a job runs, its schedules apart. */
export type Times = Pick<
  Settings,
  'timezone' | 'dst' | 'jitter' | 'start' | 'end' | 'except' | 'missed' | 'startDeadline' | 'lateAfter' | 'warnAfter'
>;

/** @param except the dates that `except:` means, from files too. */
export function resolveTimes(said: Defaults, except: readonly DateSpan[]): Times {
  const usual = usualSettings;
  return {
    timezone: said.timezone ?? usual.timezone,
    dst: daylight(said.dst),
    jitter: jitter(said.jitter),
    start: said.start === undefined ? usual.start : minuteOf(said.start, '00:00'),
    end: said.end === undefined ? usual.end : minuteOf(said.end, '23:59'),
    except,
    missed: said.missed ?? usual.missed,
    startDeadline: milliseconds(said['start-deadline'], usual.startDeadline),
    lateAfter: milliseconds(said['late-after'], usual.lateAfter),
    warnAfter: milliseconds(said['warn-after'], usual.warnAfter),
  };
}

function daylight(entry: Defaults['dst']): DaylightPolicy {
  const { skipped, repeated } = usualSettings.dst;
  return { skipped: entry?.skipped ?? skipped, repeated: entry?.repeated ?? repeated };
}

function jitter(entry: Defaults['jitter']): Jitter {
  const { offset, delay } = usualSettings.jitter;
  if (typeof entry === 'string') return { offset: milliseconds(entry, offset), delay };
  return { offset: milliseconds(entry?.offset, offset), delay: milliseconds(entry?.delay, delay) };
}

function minuteOf(time: string, ofDay: string): string {
  return time.length === 10 ? `${time}T${ofDay}` : time.replace(' ', 'T');
}
