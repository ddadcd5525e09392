import type { Run } from '../../store/runs.ts';
import type { Evidence, SpooledLaunch } from './evidence.ts';
import { clockBackOver, gapOver, gapReason } from './gap.ts';
import { missedOver, notStarted } from './missed.ts';
import { runReasons } from './ran.ts';
import { type Reason, reason } from './reason.ts';
import { skippedReasons } from './skipped.ts';
import { secondWords } from './told-time.ts';

/** What became of a slot that is past, the main reason first. */
export function slotReasons(evidence: Evidence, slot: number): readonly Reason[] {
  const run = runOf(evidence, slot);
  const spooled = evidence.spooled.find((one) => one.slot === slot);
  const set = clockBackOver(evidence, slot);
  const again = set === undefined ? [] : [gapReason(evidence, set, slot)];
  if (run?.state === 'skipped') return [...skippedReasons(evidence, run, slot), ...again];
  if (run !== undefined) {
    const retries = evidence.runs.filter(({ continues }) => continues === run.run);
    const all = [run, ...retries].flatMap((one) => runReasons(evidence, one));
    return [...all, ...whyLater(evidence, run, slot), ...again];
  }
  if (spooled !== undefined) return [spooledReason(evidence, spooled, slot), ...trouble(evidence)];
  if (evidence.trouble !== undefined) return [evidence.trouble, ...evidence.obstacles];
  return [...notStarted(evidence, slot), ...again];
}

/** The run that has a slot, or the skipped stretch that it is in. */
function runOf({ runs }: Evidence, slot: number): Run | undefined {
  return (
    runs.find((run) => run.slot === slot && run.state !== 'missed') ??
    runs.find((run) => run.state === 'skipped' && (run.firstSlot ?? run.slot ?? 0) <= slot && slot <= (run.slot ?? 0))
  );
}

/** Why a slot was made up for and not started in its time. */
function whyLater(evidence: Evidence, { trigger }: Run, slot: number): readonly Reason[] {
  if (trigger !== 'catch-up') return [];
  const gap = gapOver(evidence, slot);
  if (gap !== undefined) return [gapReason(evidence, gap, slot)];
  return missedOver(evidence, slot) === undefined ? [] : notStarted({ ...evidence, obstacles: [] }, slot);
}

function trouble({ trouble: found }: Evidence): readonly Reason[] {
  return found === undefined ? [] : [found];
}

function spooledReason({ zone }: Evidence, { run }: SpooledLaunch, slot: number): Reason {
  const remedy = 'the next start of cronwright that can use the database takes the record in';
  if (run === undefined) {
    const message = 'It was launched while the database could not be used, and its record is not there yet.';
    return reason('database-unusable', message, { slot, remedy });
  }
  const began = `run ${run.run} began at ${secondWords(run.startedAt, zone)}, ${run.state}`;
  const message = `It ran while the database could not be used: ${began}.`;
  return reason('database-unusable', message, {
    slot,
    run: run.run,
    evidence: ['its record lies in the spool'],
    remedy,
  });
}
