import { startTime } from '../run/tree.ts';
import { type RecordedRun, type RunRecord, recordedPiece } from '../store/record.ts';
import type { Retry } from '../store/runs.ts';
import { runFile, type SpoolFile, writeRecord } from '../store/spool.ts';
import { StoreTrouble } from '../store/trouble.ts';
import type { Book, Conclusion } from './book.ts';
import { thisProcess } from './holder.ts';
import type { Story } from './story.ts';
import type { Start, Surroundings } from './world.ts';

/** What a run begins as, where only the spool can take it. */
export interface SpooledOpening {
  readonly file: SpoolFile;
  readonly run: string;
  readonly slot: number | undefined;
  readonly start: Start;
}

/** A run's record in the spool. While the run goes on it holds what a survivor must know, without the output. */
export class SpoolBook implements Book {
  readonly #opening: SpooledOpening;
  #written = '';

  constructor(opening: SpooledOpening) {
    this.#opening = opening;
  }

  /** The output does not reach the file before the end: the disk may be full. */
  write(story: Story): void {
    const text = JSON.stringify([story.next, story.attempts, story.putOff]);
    if (text === this.#written) return;
    put(this.#opening.file, recordOf(this.#opening, story));
    this.#written = text;
  }

  close(story: Story, conclusion: Conclusion): void {
    const output = story.capture.pieces().map(recordedPiece);
    put(this.#opening.file, { ...recordOf(this.#opening, story, conclusion), output });
  }
}

/** Where a run that the database has is written down, once that cannot be written any more. */
export function bookOfRecorded(
  { state }: Pick<Surroundings, 'state'>,
  start: Start,
  { run, slot }: Pick<SpooledOpening, 'run' | 'slot'>,
): SpoolBook {
  return new SpoolBook({ file: runFile(state, start.installed.job.id, run), run, slot, start });
}

function put(file: SpoolFile, record: RunRecord): void {
  const written = writeRecord(file, record);
  if (written.kind === 'nowhere') throw new StoreTrouble(`cannot spool the record: ${written.problem}`);
}

/** A run as the database will hold it once it can be used again, but for the output. */
function recordOf(opening: SpooledOpening, story: Story, conclusion?: Conclusion): RunRecord {
  const { attempts, events } = story;
  return {
    format: 1,
    run: rowOf(opening, story, conclusion),
    attempts: attempts.map(({ number, startedAt, endedAt, end }) => ({ number, startedAt, endedAt, end })),
    output: [],
    events,
    mails: conclusion?.mails ?? [],
  };
}

function rowOf({ run, slot, start }: SpooledOpening, story: Story, conclusion: Conclusion | undefined): RecordedRun {
  const { installed, trigger, startedAt, continues } = start;
  const { stdout, stderr } = story.capture.totals();
  return {
    ...thisProcess(),
    run,
    job: installed.job.id,
    revision: installed.revision,
    slot: slot ?? null,
    trigger,
    startedAt,
    attempts: story.attempts.at(-1)?.number ?? (continues?.attempt ?? 1) - 1,
    stdoutBytes: stdout.bytes,
    stderrBytes: stderr.bytes,
    cancelBy: null,
    continues: continues?.run ?? null,
    progress: story.progress ?? null,
    result: story.result ?? null,
    ...taskOf(story),
    ...(conclusion === undefined ? progressOf(story) : endOf(conclusion)),
    // A run that has ended owes no attempt, though it may have been waiting for one.
    ...retryOf(conclusion === undefined ? nextOf(story) : conclusion.retry),
  };
}

type End = Pick<RecordedRun, 'state' | 'endedAt' | 'exitCode' | 'signal' | 'reason' | 'cpuMs' | 'peakMemory'>;

function progressOf({ putOff }: Story): End {
  const unknown = { endedAt: null, exitCode: null, signal: null, cpuMs: null, peakMemory: null };
  return { ...unknown, state: putOff === undefined ? 'running' : 'waiting', reason: putOff?.reason ?? null };
}

function nextOf({ next, putOff }: Story): Retry | undefined {
  return putOff === undefined ? next : { at: putOff.until, attempt: 1 };
}

function endOf({ state, at, ...conclusion }: Conclusion): End {
  const { exitCode = null, signal = null, reason = null, cpuMs = null, peakMemory = null } = conclusion;
  return { state, endedAt: at, exitCode, signal, reason, cpuMs, peakMemory };
}

/** The direct child of the attempt that goes on, if one does. */
function taskOf({ attempts }: Story): Pick<RecordedRun, 'taskPid' | 'taskBorn'> {
  const last = attempts.at(-1);
  const born = last?.pid === undefined || last.endedAt !== null ? undefined : startTime(last.pid);
  return born === undefined ? { taskPid: null, taskBorn: null } : { taskPid: last?.pid ?? null, taskBorn: born };
}

function retryOf(next: Retry | undefined): Pick<RecordedRun, 'retryAt' | 'retryAttempt'> {
  return { retryAt: next?.at ?? null, retryAttempt: next?.attempt ?? null };
}
