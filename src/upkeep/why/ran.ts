import { durationWords } from '../../job/duration.ts';
import { isPutOff, type Run } from '../../store/runs.ts';
import type { Evidence } from './evidence.ts';
import { type Reason, reason } from './reason.ts';
import { minuteWords, secondWords } from './told-time.ts';

const minuteMs = 60_000;

/** What a run that has begun, or waits to, says of its slot or its minute. */
export function runReasons(evidence: Evidence, run: Run): readonly Reason[] {
  const retry = retryReason(evidence, run);
  return [startReason(evidence, run), ...(retry === undefined ? [] : [retry])];
}

function startReason(evidence: Evidence, run: Run): Reason {
  const { slot, state } = run;
  const of = { slot, run: run.run, evidence: [logsOf(run)] };
  const begun = `run ${run.run}${how(evidence, run)}`;
  switch (state) {
    case 'running':
      return reason('running', `It is running: ${begun} began at ${secondWords(run.startedAt, evidence.zone)}.`, of);
    case 'waiting':
      return waitingReason(evidence, run, begun);
    case 'cancelled':
      return cancelled(evidence, run);
    default: {
      const code = run.trigger === 'catch-up' ? 'caught-up-later' : 'ran';
      return reason(
        code,
        `It ran: ${begun} began at ${secondWords(run.startedAt, evidence.zone)} and ${outcome(run)}.`,
        of,
      );
    }
  }
}

function logsOf({ run }: Run): string {
  return `cronwright logs ${run} shows it`;
}

/** What made it start, where that is no start by cron in the slot's own minute. */
function how({ zone }: Evidence, { trigger, slot, startedAt, continues }: Run): string {
  switch (trigger) {
    case 'manual':
      return ', started by hand,';
    case 'boot':
      return ', started with the machine,';
    case 'retry':
      return `, which goes on with run ${continues},`;
    case 'catch-up':
      return slot === null ? ', made up for later,' : `, which made up for ${minuteWords(slot, zone)} later,`;
    case 'schedule':
      if (slot === null || startedAt - slot < minuteMs) return '';
      return `, for the slot of ${minuteWords(slot, zone)} and ${durationWords(startedAt - slot)} late,`;
  }
}

function outcome({ state, reason: words, exitCode, signal, startedAt, endedAt }: Run): string {
  const took = endedAt === null ? '' : ` after ${durationWords(Math.max(0, endedAt - startedAt))}`;
  if (state === 'succeeded') return `succeeded${took}`;
  const why = words ?? (exitCode === null ? signal : `exit status ${exitCode}`);
  const text = why === null ? state : `${state === 'timed-out' ? 'timed out' : state}: ${why}`;
  return state === 'interrupted'
    ? `was ${text.replace(/^interrupted: was interrupted/, 'interrupted')}`
    : `${text}${took}`;
}

const replacement = /^was cancelled by run ([0-9a-z]+), which replaces it/;

function cancelled({ zone }: Evidence, run: Run): Reason {
  const words = run.reason ?? 'was cancelled';
  const [, other] = replacement.exec(words) ?? [];
  const begun =
    run.attempts === 0
      ? `Run ${run.run} was recorded at ${secondWords(run.startedAt, zone)} and never began`
      : `It ran: run ${run.run} began at ${secondWords(run.startedAt, zone)}`;
  const of = { slot: run.slot, run: run.run, evidence: [logsOf(run)] };
  if (other === undefined) return reason('cancelled', `${begun}; it ${words}.`, of);
  const remedy = 'overlap: skip or wait lets a run end before the next one begins';
  return reason('replaced', `${begun}; it ${words}.`, { ...of, remedy });
}

function waitingReason({ runs, zone }: Evidence, run: Run, begun: string): Reason {
  const of = { slot: run.slot, run: run.run, evidence: [logsOf(run)] };
  const waits = (why: string) => `It waits: ${begun} has not begun, because ${why}.`;
  if (isPutOff(run)) {
    const until = run.retryAt === null ? '' : ` until ${secondWords(run.retryAt, zone)}`;
    return reason('waiting', waits(`jitter: puts it off${until}`), of);
  }
  const holder = runs.find(({ state, run: name }) => state === 'running' && name !== run.run);
  if (holder === undefined) return reason('waiting', waits('its turn has not come yet'), of);
  const remedy = `cronwright cancel ${run.job} ends the run that goes on`;
  return reason('waiting', waits(`run ${holder.run} goes on since ${secondWords(holder.startedAt, zone)}`), {
    ...of,
    remedy,
  });
}

function retryReason({ zone, now }: Evidence, run: Run): Reason | undefined {
  const { retryAt, retryAttempt } = run;
  if (isPutOff(run) || retryAt === null || retryAttempt === null) return undefined;
  const when = retryAt <= now ? 'is due now' : `is to begin at ${secondWords(retryAt, zone)}`;
  return reason('retry-to-come', `Attempt ${retryAttempt} of run ${run.run} ${when}.`, {
    slot: run.slot,
    run: run.run,
  });
}
