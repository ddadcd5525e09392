import type { Run } from '../../store/runs.ts';
import type { Evidence } from './evidence.ts';
import { pauseAt, pausedReason } from './paused.ts';
import { type Reason, reason } from './reason.ts';
import { secondWords } from './told-time.ts';

/** The run that was in the way, where a reason names one; `run X (process 4711, …) was still going`. */
const holder = /\brun ([0-9a-z]+)\b.*(?:was still going|was waiting for its turn)|^waited .* for run ([0-9a-z]+)/;

/** Why a start was recorded and did not run. */
export function skippedReasons(evidence: Evidence, run: Run, slot: number): readonly Reason[] {
  const words = run.reason ?? 'no reason is recorded';
  const of = { slot, run: run.run };
  const pause = pauseAt(evidence, slot);
  if (pause !== undefined || /^was paused/.test(words)) {
    const known =
      pause === undefined ? reason('paused', `It was skipped: it ${words}.`, of) : pausedReason(evidence, pause);
    return [{ ...known, ...of, evidence: [...known.evidence, `run ${run.run} is recorded as skipped`] }];
  }
  const found = holder.exec(words);
  const other = found?.[1] ?? found?.[2];
  if (other !== undefined) return [overlap(evidence, run, { slot, other, words })];
  const isDoubled = /launched already/.test(words);
  const code = isDoubled ? 'database-unusable' : 'skipped';
  return [reason(code, `It was skipped: ${words}.`, of)];
}

interface Met {
  readonly slot: number;
  readonly other: string;
  readonly words: string;
}

function overlap({ zone, runs }: Evidence, run: Run, { slot, other, words }: Met): Reason {
  const met = runs.find((one) => one.run === other);
  const since =
    met === undefined ? [] : [`run ${other} began at ${secondWords(met.startedAt, zone)}; ${endOf(met, zone)}`];
  return reason('overlap', `It was skipped: ${words}.`, {
    slot,
    run: other,
    evidence: [`run ${run.run} is recorded as skipped`, ...since],
    remedy: 'overlap: wait lets it run after the other; a timeout: ends one that hangs',
  });
}

function endOf({ endedAt, state }: Run, zone: Evidence['zone']): string {
  return endedAt === null ? 'it still goes on' : `it ended at ${secondWords(endedAt, zone)}, ${state}`;
}
