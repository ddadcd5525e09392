import { unreachable } from '../../errors.ts';
import { type Asked, instantOf } from './asked.ts';
import { type DayPart, dayParts } from './day.ts';
import { type Evidence, versionAt } from './evidence.ts';
import { notInstalled } from './installed.ts';
import { minuteReasons } from './minute.ts';
import { presentReasons } from './present.ts';
import type { Reason } from './reason.ts';
import { notScheduled } from './unscheduled.ts';

/** Why a job ran or did not. */
export interface Answer {
  /** The main reason first; empty for a day on which it has slots. */
  readonly reasons: readonly Reason[];
  /** Of a day. */
  readonly parts: readonly DayPart[];
}

/** Goes from what is known to the reasons; it touches nothing. */
export function judge(evidence: Evidence, asked: Asked): Answer {
  switch (asked.kind) {
    case 'now':
      return { reasons: presentReasons(evidence), parts: [] };
    case 'minute':
      return { reasons: minuteReasons(evidence, asked), parts: [] };
    case 'day':
      return ofDay(evidence, asked);
    default:
      return unreachable(asked);
  }
}

function ofDay(evidence: Evidence, asked: Extract<Asked, { kind: 'day' }>): Answer {
  const parts = dayParts(evidence, asked.from, asked.until);
  if (parts.length > 0) return { reasons: [], parts };
  const version =
    versionAt(evidence, asked.until) ?? versionAt(evidence, instantOf(asked, evidence.zone, evidence.now));
  if (version === undefined) return { reasons: [notInstalled(evidence, asked.from)], parts };
  return { reasons: notScheduled(evidence, version, asked.from, asked.date), parts };
}
