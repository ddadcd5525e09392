import type { DayWindow, Interval } from '../schedule.ts';
import type { Zone } from '../zone/zone.ts';
import { isBetween } from './day-time.ts';
import { shiftOf } from './daylight.ts';
import type { Instants } from './instants.ts';
import { horizonYears, minuteMs } from './wall.ts';
import { instantOfWall } from './wall-instant.ts';

const dayMinutes = 1_440;
const horizonMs = horizonYears * 366 * dayMinutes * minuteMs;
/** The clock may be put by as much while one waits for a time of day. */
const changeMinutes = 180;

/** The instants of an interval: elapsed time from where it is counted, whatever the clock on the wall does meanwhile. */
export class IntervalInstants implements Instants {
  readonly #zone: Zone;
  readonly #first: number;
  readonly #step: number;
  readonly #window: DayWindow | undefined;

  constructor({ minutes, from, between }: Interval, zone: Zone) {
    this.#zone = zone;
    this.#first = instantOfWall(from, zone);
    this.#step = minutes * minuteMs;
    this.#window = between;
  }

  next(after: number): number | undefined {
    let count = Math.max(0, Math.floor((after - this.#first) / this.#step) + 1);
    for (let at = this.#at(count); at <= Math.max(after, this.#first) + horizonMs; at = this.#at(count)) {
      const time = this.#timeOfDay(at);
      if (isBetween(time, this.#window)) return at;
      count += this.#steps(until((this.#window?.from ?? 0) - time));
    }
    return undefined;
  }

  latest(at: number, notBefore: number): number | undefined {
    const least = Math.max(notBefore, this.#first, at - horizonMs);
    let count = Math.floor((at - this.#first) / this.#step);
    for (let found = this.#at(count); found >= least; found = this.#at(count)) {
      const time = this.#timeOfDay(found);
      if (isBetween(time, this.#window)) return found;
      count -= this.#steps(until(time - (this.#window?.to ?? 0)));
    }
    return undefined;
  }

  #at(count: number): number {
    return this.#first + count * this.#step;
  }

  /** Minutes since midnight, on the clock of the zone. */
  #timeOfDay(at: number): number {
    return until(Math.floor((at + shiftOf(this.#zone.offsetAt(at))) / minuteMs));
  }

  /** How many steps lead nowhere for so many minutes to come. */
  #steps(minutes: number): number {
    return Math.max(1, Math.floor(((minutes - changeMinutes) * minuteMs) / this.#step));
  }
}

/** Minutes of a day, 0 to 1439, that a difference of times of day stands for. */
function until(minutes: number): number {
  return ((minutes % dayMinutes) + dayMinutes) % dayMinutes;
}
