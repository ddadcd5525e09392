import { type Occasion, occasions, runs } from '../../schedule/calendar/occasions.ts';
import type { RunState } from '../../store/runs.ts';
import type { Version } from '../../store/versions.ts';
import type { Evidence } from './evidence.ts';
import { future } from './minute.ts';
import { occasionReason } from './occasion.ts';
import { type ReasonCode, reason } from './reason.ts';
import { slotReasons } from './slot.ts';

/** What became of slots of a day that follow one another and fared the same. Times are UTC milliseconds. */
export interface DayPart {
  readonly from: number;
  readonly until: number;
  readonly count: number;
  readonly code: ReasonCode;
  /** A sentence about the first of them. */
  readonly message: string;
  /** The run of the first. */
  readonly run: string | null;
}

/** What became of each time of a day: of those that run, and those that are left out. */
export function dayParts(evidence: Evidence, from: number, until: number): readonly DayPart[] {
  const parts: Part[] = [];
  for (const version of evidence.versions) {
    const begin = Math.max(from, version.since.at);
    const end = Math.min(until, version.until === undefined ? until : version.until.at - 1);
    for (const one of occasions(version.job, evidence.host, begin, end)) add(parts, partOf(evidence, version, one));
  }
  return parts.map(({ fared: _fared, ...part }) => part);
}

interface Part extends DayPart {
  /** The state of its run, as a run that failed is told apart from one that succeeded. */
  readonly fared: RunState | undefined;
}

function partOf(evidence: Evidence, version: Version, occasion: Occasion): Part {
  const { at } = occasion;
  const reasons = at > evidence.now ? future(evidence, at) : slotReasons(evidence, at);
  const out = runs(occasion) ? undefined : occasionReason(evidence, version, occasion);
  const { code, message, run } = out ?? reasons[0] ?? reason('unexplained', 'Nothing is known of it.');
  const fared = evidence.runs.find((one) => one.run === run)?.state;
  return { from: at, until: at, count: 1, code, message, run, fared };
}

function add(parts: Part[], part: Part): void {
  const last = parts.at(-1);
  if (last !== undefined && last.code === part.code && last.fared === part.fared) {
    // Times that the clock skipped together share a slot.
    const isSame = last.until === part.from;
    parts[parts.length - 1] = { ...last, until: part.until, count: last.count + (isSame ? 0 : 1) };
  } else parts.push(part);
}
