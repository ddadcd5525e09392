import { uptime } from 'node:os';
import type { Clock } from '../../clock.ts';
import { bootId } from '../../launch/holder.ts';
import { hostClock } from '../../schedule/zone/zone-file.ts';
import type { Moment } from '../../store/beats.ts';

/** This moment by all clocks of the machine. Node's high-resolution time is CLOCK_MONOTONIC, which stands in sleep. */
export function thisMoment(clock: Clock): Moment {
  return {
    at: clock.now(),
    boot: bootId(),
    uptime: Math.round(uptime() * 1_000),
    awake: Number(process.hrtime.bigint() / 1_000_000n),
    zone: hostClock().sign,
  };
}
