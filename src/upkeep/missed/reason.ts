import { durationWords } from '../../job/duration.ts';
import { localMinute } from '../../notify/layout.ts';
import { hostZone } from '../../schedule/zone/zone.ts';
import { type Gap, gapsBetween } from '../../store/gaps.ts';
import type { Store } from '../../store/store.ts';
import type { Stretch } from './stretches.ts';

/** A slot in the minute of the last tick belongs to what came right behind it. */
const minute = 60_000;

/** Why nothing started a stretch of slots, as the time without ticks tells; undefined where ticks came all the while. */
export function reasonOfGap(store: Store, { first, last }: Pick<Stretch, 'first' | 'last'>): string | undefined {
  const gaps = gapsBetween(store, first - minute, last + minute).filter(({ cause }) => cause !== 'clock-back');
  // The end of a stretch is often that of a short gap, which explains the least of it.
  const shared = ({ from, until }: Gap): number => Math.min(until, last + minute) - Math.max(from, first - minute);
  const covering = gaps.filter(({ from, until }) => from - minute <= last && until >= first);
  const [one, ...others] = covering.toSorted((a, b) => shared(b) - shared(a));
  if (one === undefined) return undefined;
  const more =
    others.length === 0 ? '' : `, and ${others.length === 1 ? 'once' : `${others.length} times`} more in that time`;
  return `${gapWords(one)}${more}`;
}

/** What a gap was, in words, with its times on the host's clock. */
export function gapWords({ from, until, cause }: Gap): string {
  const zone = hostZone();
  const [start, end] = [from, until].map((at) => localMinute(at, zone));
  switch (cause) {
    case 'machine-off':
      return `the machine was off from ${start} to ${end}`;
    case 'machine-asleep':
      return `the machine was asleep from ${start} to ${end}`;
    case 'clock-forward':
      return `the clock was set forward by ${durationWords(roundMinute(until - from))} at ${start}`;
    case 'clock-back':
      return `the clock was set back by ${durationWords(roundMinute(until - from))} at ${end}`;
    case 'cron-silent':
      return `cron did not run between ${start} and ${end} (no tick)`;
  }
}

function roundMinute(length: number): number {
  return Math.max(minute, Math.round(length / minute) * minute);
}
