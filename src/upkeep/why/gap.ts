import { durationWords } from '../../job/duration.ts';
import type { Gap, GapCause } from '../../store/gaps.ts';
import type { Evidence } from './evidence.ts';
import { type Reason, reason } from './reason.ts';
import { minuteWords } from './told-time.ts';

const minuteMs = 60_000;

/** The time without a tick in which a slot lies; a slot in the minute of the tick before it is one of them. */
export function gapOver({ gaps }: Pick<Evidence, 'gaps'>, slot: number): Gap | undefined {
  return gaps.findLast(({ from, until, cause }) => cause !== 'clock-back' && from - minuteMs < slot && slot <= until);
}

/** The time that came twice because the clock was set back, with a slot in it. */
export function clockBackOver({ gaps }: Pick<Evidence, 'gaps'>, slot: number): Gap | undefined {
  return gaps.findLast(({ from, until, cause }) => cause === 'clock-back' && from <= slot && slot <= until);
}

const remedies: Readonly<Record<GapCause, string | null>> = {
  'machine-off': 'missed: run-once or run-all makes up for what the machine sleeps through',
  'machine-asleep': 'missed: run-once or run-all makes up for what the machine sleeps through',
  'clock-forward':
    'let a time service such as chrony keep the clock; missed: run-once makes up for what is passed over',
  'clock-back': 'let a time service such as chrony keep the clock',
  'cron-silent': 'look for why cron stood still in journalctl -u cron; cronwright doctor checks what it can',
};

/** Why nothing could start a slot in a time without a tick. */
export function gapReason(evidence: Evidence, gap: Gap, slot: number): Reason {
  const { cause } = gap;
  return reason(cause, sentence(evidence, gap), {
    slot,
    evidence: [ticksAround(evidence, gap)],
    remedy: remedies[cause],
  });
}

function sentence({ zone, silentSince }: Evidence, { from, until, cause }: Gap): string {
  const [start, end] = [minuteWords(from, zone), minuteWords(until, zone)];
  const span = durationWords(Math.max(minuteMs, Math.round((until - from) / minuteMs) * minuteMs));
  switch (cause) {
    case 'machine-off':
      return `The machine was off between ${start} and ${end}.`;
    case 'machine-asleep':
      return `The machine was asleep between ${start} and ${end}.`;
    case 'clock-forward':
      return `The clock was set forward by ${span} at ${start}, to ${end}: that time never came.`;
    case 'clock-back':
      return `The clock was set back by ${span}, from ${end} to ${start}: that time came twice, and a slot runs once.`;
    case 'cron-silent':
      return silentSince === from
        ? `Cron has started nothing since ${start}, ${span} ago.`
        : `Cron started nothing between ${start} and ${end}, ${span}.`;
  }
}

function ticksAround({ zone, silentSince }: Evidence, { from, until }: Gap): string {
  const last = `the tick came at ${minuteWords(from, zone)}`;
  return silentSince === from ? `${last} and not since` : `${last} and then not until ${minuteWords(until, zone)}`;
}
