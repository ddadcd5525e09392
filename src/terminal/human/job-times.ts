import type { DateSpan, DaylightPolicy, MissedPolicy } from '../../job/job.ts';
import { harmless } from '../layout.ts';
import { count } from '../page.ts';
import type { JobView } from '../views.ts';
import { span, stampMinute } from '../when.ts';
import { timesText } from './next.ts';

/** So many excepted dates are named. */
const namedDates = 3;

/** What a job says of its times, each with its label; empty where it is as for most jobs. */
export function timeFacts(view: JobView, now: number): readonly (readonly [label: string, value: string])[] {
  const hashed = view.hashed.map(({ schedule, standsFor }) => `${schedule} stands for ${standsFor}`);
  return [
    ['schedule', [view.schedule].flat().join(' | ')],
    ['H', hashed.join('\n')],
    ['in words', `${view.words} (${view.timezone})`],
    ['next', timesText(view.times) || (view.paused?.until === null ? 'none while it is paused' : 'none')],
    ['jitter', jitterWords(view)],
    ['dst', daylightWords(view.dst)],
    ['start', view.start === '' ? '' : stampMinute(view.start)],
    ['end', view.end === '' ? '' : stampMinute(view.end)],
    ['except', exceptWords(view.except, new Date(now).toISOString().slice(0, 10))],
    ['missed', missedWords(view.missed, view.startDeadlineMs)],
    ['late after', view.lateAfterMs === 0 ? '' : span(view.lateAfterMs)],
    ['warn after', view.warnAfterMs === 0 ? '' : span(view.warnAfterMs)],
  ];
}

function jitterWords({ jitter, offsetMs }: Pick<JobView, 'jitter' | 'offsetMs'>): string {
  const offset = `each time is ${count(offsetMs / 60_000, 'minute')} later, an offset below ${span(jitter.offsetMs)}`;
  const delay = `each start waits up to ${span(jitter.delayMs)}`;
  return [...(jitter.offsetMs > 0 ? [offset] : []), ...(jitter.delayMs > 0 ? [delay] : [])].join('; ');
}

const skippedWords = {
  'as-cron': 'skipped times are as cron has them',
  'run-after': 'skipped times run just after the gap',
  skip: 'skipped times are left out',
} as const satisfies Record<DaylightPolicy['skipped'], string>;

const repeatedWords = {
  'as-cron': 'repeated ones as cron has them',
  once: 'repeated ones run once',
  twice: 'repeated ones run twice',
} as const satisfies Record<DaylightPolicy['repeated'], string>;

function daylightWords({ skipped, repeated }: DaylightPolicy): string {
  const isUsual = skipped === 'as-cron' && repeated === 'as-cron';
  return isUsual ? '' : `${skippedWords[skipped]}, ${repeatedWords[repeated]}`;
}

/** The next of the dates, and how many others there are. */
function exceptWords(except: readonly DateSpan[], today: string): string {
  const coming = except.filter(({ to }) => to >= today);
  const shown = coming.slice(0, namedDates);
  const more = coming.length - shown.length;
  const past = except.length - coming.length;
  const rest = [
    ...(more > 0 ? [`${more.toLocaleString('en')} more`] : []),
    ...(past > 0 ? [`${past.toLocaleString('en')} past`] : []),
  ];
  return [...shown.map(dateWords), ...rest].join(', ');
}

function dateWords({ from, to, name }: DateSpan): string {
  const dates = from === to ? from : `${from} to ${to}`;
  return name === '' ? dates : `${dates} (${harmless(name)})`;
}

function missedWords(missed: MissedPolicy, startDeadlineMs: number): string {
  return missed === 'ignore' ? '' : `${missed}, within ${span(startDeadlineMs)}`;
}
