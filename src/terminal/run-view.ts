import { TextDecoder } from 'node:util';
import type { Piece } from '../run/capture.ts';
import type { Run } from '../store/runs.ts';
import type { CurrentRunView, LastRunView, OutputView, RunView } from './views.ts';

/** Makes an instant, UTC milliseconds, an ISO 8601 text with the reader's offset. */
export type Format = (instant: number) => string;

export function runView(run: Run, format: Format): RunView {
  const { slot, startedAt, endedAt, cpuMs, peakMemory, exitCode, signal, reason, progress, continues } = run;
  const { firstSlot, slots } = run;
  return {
    run: run.run,
    job: run.job,
    slot: slot === null ? null : format(slot),
    trigger: run.trigger,
    state: run.state,
    attempts: run.attempts,
    startedAt: format(startedAt),
    endedAt: endedAt === null ? null : format(endedAt),
    // What never began took no time.
    durationMs: endedAt === null || run.state === 'missed' ? null : endedAt - startedAt,
    exitCode,
    signal,
    reason,
    cpuMs,
    peakMemory,
    progress,
    continues,
    firstSlot: firstSlot === null ? null : format(firstSlot),
    slots,
  };
}

export function lastRunView(run: Run, format: Format): LastRunView {
  const { run: id, state, startedAt, durationMs, exitCode } = runView(run, format);
  return { run: id, state, startedAt, durationMs, exitCode };
}

export function currentRunView({ run, state, startedAt, progress, retryAt }: Run, format: Format): CurrentRunView {
  // What waits has no attempt to come but that for which it was put off.
  const until = state === 'waiting' && retryAt !== null ? format(retryAt) : null;
  return { run, state, startedAt: format(startedAt), progress, until };
}

/** A result as it was kept, JSON text, as what it says; null where there is none. */
export function resultView(text: string | undefined): unknown {
  return text === undefined ? null : JSON.parse(text);
}

/** Pieces as texts. A character that is split between two pieces of a stream is put together again. */
export function outputViews(pieces: readonly Piece[], format: Format, decoders = newDecoders()): readonly OutputView[] {
  return pieces.map(({ attempt, stream, at, bytes }) => ({
    attempt,
    stream,
    at: format(at),
    text: decoders[stream].decode(bytes, { stream: true }),
  }));
}

export type Decoders = Readonly<Record<'stdout' | 'stderr', TextDecoder>>;

export function newDecoders(): Decoders {
  return { stdout: new TextDecoder(), stderr: new TextDecoder() };
}
