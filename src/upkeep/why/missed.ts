import type { GapCause } from '../../store/gaps.ts';
import type { Run } from '../../store/runs.ts';
import type { Evidence } from './evidence.ts';
import { gapOver, gapReason } from './gap.ts';
import { pauseAt, pausedReason } from './paused.ts';
import { type Reason, type ReasonCode, reason } from './reason.ts';
import { minuteWords, secondWords } from './told-time.ts';

const minuteMs = 60_000;
/** So long after a slot the tick looks whether something has started it. */
const graceMs = 4 * minuteMs;
/** So long runs are remembered. */
const rememberedMs = 90 * 24 * 60 * minuteMs;

/** Why a slot that is past has no start: what kept cron from it, and what becomes of it. */
export function notStarted(evidence: Evidence, slot: number): readonly Reason[] {
  const record = missedOver(evidence, slot);
  const pause = pauseAt(evidence, slot);
  const causes = [
    ...(pause === undefined ? [] : [pausedReason(evidence, pause)]),
    ...hindrances(evidence, slot, recordedCause(evidence, record, slot)),
  ];
  const follows = [
    ...owedReason(evidence, slot),
    ...(record === undefined ? [] : [missedReason(evidence, record, slot)]),
  ];
  const known = [...causes, ...follows];
  return known.some(({ code }) => code !== 'missed' && code !== 'owed')
    ? known
    : [...unexplained(evidence, slot, record), ...known];
}

/** What a tick that comes shows to be no hindrance: without it there would be none. */
const ofTicks: readonly ReasonCode[] = ['daemon-not-running', 'table-refused', 'launcher-not-startable'];

/** A time without ticks, what the tick found then, and what stands in the way now: whichever tells most comes first. */
function hindrances(evidence: Evidence, slot: number, recorded: readonly Reason[]): readonly Reason[] {
  const { obstacles, silentSince, lastTick = 0 } = evidence;
  const gap = gapOver(evidence, slot);
  if (gap !== undefined) {
    const found = gapReason(evidence, gap, slot);
    const goesOn = gap.cause === 'cron-silent' && gap.from === silentSince;
    return goesOn ? [...obstacles, found, ...recorded] : [found, ...recorded, ...obstacles];
  }
  if (lastTick < slot) return [...obstacles, ...recorded];
  const [others, likely] = [true, false].map((is) => obstacles.filter(({ code }) => ofTicks.includes(code) === is));
  return [...recorded, ...(likely ?? []), ...(others ?? [])];
}

/** The stretch of missed slots that a slot is in. */
export function missedOver({ runs }: Evidence, slot: number): Run | undefined {
  return runs.find(
    (run) => run.state === 'missed' && (run.firstSlot ?? run.slot ?? run.startedAt) <= slot && slot <= run.startedAt,
  );
}

/** The causes by the words in which the tick records them. */
const recordedWords: readonly (readonly [pattern: RegExp, code: ReasonCode | GapCause])[] = [
  [/machine was off/, 'machine-off'],
  [/machine was asleep/, 'machine-asleep'],
  [/clock was set forward/, 'clock-forward'],
  [/cron did not run between/, 'cron-silent'],
  [/no longer in the crontab/, 'line-absent'],
  [/in the crontab was (?:edited|commented out)/, 'line-edited'],
  [/crontab cannot be read/, 'table-unreadable'],
];

function recordedCause({ obstacles }: Evidence, record: Run | undefined, slot: number): readonly Reason[] {
  const words = record?.reason;
  const code = recordedWords.find(([pattern]) => pattern.test(words ?? ''))?.[1];
  if (words === undefined || words === null || code === undefined) return [];
  const remedy =
    code.startsWith('line-') && obstacles.length === 0 ? 'the line is there again; nothing is to be done' : null;
  return [
    reason(code, `The tick found then: ${words}.`, { slot, remedy, evidence: ['it is recorded with the missed slot'] }),
  ];
}

function missedReason({ zone }: Evidence, run: Run, slot: number): Reason {
  const { firstSlot, slots, startedAt, endedAt } = run;
  const among =
    slots === 1
      ? ''
      : `, one of ${slots.toLocaleString('en')} from ${minuteWords(firstSlot ?? slot, zone)} to ${minuteWords(startedAt, zone)}`;
  const found = endedAt === null ? '' : ` The tick of ${secondWords(endedAt, zone)} found it.`;
  return reason('missed', `It is recorded as missed${among}.${found}`, {
    slot,
    run: run.run,
    evidence: [`run ${run.run}: ${run.reason ?? 'no reason is recorded'}`],
    remedy: 'missed: run-once or run-all in the jobs file makes up for missed starts; cronwright run starts it now',
  });
}

function owedReason({ owed, zone, now }: Evidence, slot: number): readonly Reason[] {
  const found = owed.find((one) => one.slot === slot);
  if (found === undefined) return [];
  const until = minuteWords(found.until, zone);
  const message =
    found.until < now
      ? `It was to be made up for until ${until}, and was not.`
      : `It is to be made up for: a tick starts it, until ${until} at the latest.`;
  return [reason('owed', message, { slot, evidence: [`why it did not start: ${found.reason}`] })];
}

function unexplained({ now, zone }: Evidence, slot: number, record: Run | undefined): readonly Reason[] {
  if (record !== undefined) return [];
  if (now - slot < graceMs) {
    const message = `It was due at ${minuteWords(slot, zone)}, just now, and nothing has started it yet.`;
    return [reason('pending', message, { slot, remedy: 'ask again in a few minutes' })];
  }
  if (now - slot > rememberedMs) {
    return [
      reason(
        'forgotten',
        'It was due, and what became of it is not known any more: runs are forgotten after 90 days.',
        { slot },
      ),
    ];
  }
  return [
    reason('unexplained', 'It was due, nothing is recorded of it, and nothing is found that kept it from starting.', {
      slot,
      remedy: 'see what cron did then: journalctl -u cron, or /var/log/syslog',
    }),
  ];
}
