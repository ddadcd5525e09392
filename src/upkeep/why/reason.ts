/** What a reason is called by programs; stable. */
export const reasonCodes = [
  'ran',
  'running',
  'waiting',
  'cancelled',
  'replaced',
  'overlap',
  'caught-up-later',
  'owed',
  'missed',
  'skipped',
  'retry-to-come',
  'not-scheduled',
  'gated',
  'moved-by-daylight-saving',
  'skipped-by-daylight-saving',
  'not-repeated',
  'moved-by-jitter',
  'holiday',
  'before-start',
  'end-passed',
  'future',
  'pending',
  'paused',
  'machine-off',
  'machine-asleep',
  'cron-silent',
  'clock-forward',
  'clock-back',
  'line-absent',
  'line-edited',
  'table-refused',
  'table-unreadable',
  'cron-denied',
  'daemon-not-running',
  'launcher-not-startable',
  'host-zone-changed',
  'not-installed-then',
  'never-installed',
  'schedule-changed-since',
  'database-unusable',
  'forgotten',
  'unexplained',
] as const;
export type ReasonCode = (typeof reasonCodes)[number];

/** A part of the answer to why a job ran or did not. */
export interface Reason {
  readonly code: ReasonCode;
  /** A sentence. Its times are on the clock of the job's zone. */
  readonly message: string;
  /** By what that is known, each a sentence without its end. */
  readonly evidence: readonly string[];
  /** What mends it; null where nothing is to be done. */
  readonly remedy: string | null;
  /** The slot it speaks of, UTC milliseconds. */
  readonly slot: number | null;
  /** The name of the run it speaks of. */
  readonly run: string | null;
}

type Further = Partial<Pick<Reason, 'evidence' | 'remedy' | 'slot' | 'run'>>;

export function reason(code: ReasonCode, message: string, further: Further = {}): Reason {
  return { code, message, evidence: [], remedy: null, slot: null, run: null, ...further };
}

/** Each kind of reason once for each slot, where it came first; of what comes again only the evidence is added. */
export function distinct(reasons: readonly Reason[]): readonly Reason[] {
  const kept: Reason[] = [];
  for (const one of reasons) {
    const index = kept.findIndex(({ code, slot, run }) => {
      return code === one.code && (one.slot === null || slot === null || slot === one.slot) && run === one.run;
    });
    const first = kept[index];
    if (first === undefined) kept.push(one);
    else kept[index] = merged(first, one);
  }
  return kept;
}

function merged(first: Reason, other: Reason): Reason {
  const evidence = [...new Set([...first.evidence, ...other.evidence])];
  return { ...first, evidence, remedy: first.remedy ?? other.remedy };
}
