import { unreachable } from '../errors.ts';
import type { JobName } from '../job/job.ts';
import type { Drift } from './drift.ts';
import { readMarker } from './marker.ts';

/** A drift in words. */
export interface DriftWords {
  /** Without a period, beginning with the number of the line where there is one. */
  readonly message: string;
  /** What mends it, and how to get what somebody may have wanted by it. */
  readonly remedy: string;
}

export function driftWords(drift: Drift, project: JobName): DriftWords {
  const { line } = drift;
  const message = `${line === null ? '' : `line ${line}: `}${whatWords(drift, project)}`;
  return { message, remedy: remedyOf(drift) };
}

function whatWords(drift: Drift, project: JobName): string {
  const whose = whoseLine(drift);
  switch (drift.kind) {
    case 'edited':
      return `${whose} was edited`;
    case 'deleted':
      return `${whose} is gone`;
    case 'added':
      return 'a line in a block that cronwright did not put there';
    case 'commented-out':
      return `${whose} was commented out`;
    case 'moved-out':
      return `${whose} stands outside of its block`;
    case 'duplicated':
      return `${whose} stands there a second time`;
    case 'marker':
      return markerWords(drift, project);
    case 'block-gone':
      return `the block of ${project} is gone with all its lines`;
    case 'table-replaced':
      return `the table was replaced: nothing is left of what cronwright wrote, and nothing of ${project}`;
    default:
      return unreachable(drift.kind);
  }
}

function whoseLine({ job, wanted, found }: Drift): string {
  if (job === null) return 'the line of the tick';
  const isAtBoot = (wanted ?? found ?? '').includes('--at-boot');
  return isAtBoot ? `the line of ${job} for the start of the machine` : `the line of ${job}`;
}

function markerWords({ wanted, found }: Drift, project: JobName): string {
  if (found === null) return `the markers around the lines of ${project} are gone`;
  const [is, was] = [readMarker(found), wanted === null ? undefined : readMarker(wanted)];
  if (is === undefined || is.kind === 'damaged') return 'looks like a marker of cronwright and is none';
  if (was === undefined) return 'begins a block a second time';
  return is.kind === 'begin' ? 'begins a block that does not end' : 'ends a block that does not begin';
}

function remedyOf({ kind, job, wanted, found }: Drift): string {
  switch (kind) {
    case 'edited':
      return 'cronwright sync puts it right; when a job runs is for the jobs file to say';
    case 'deleted':
    case 'commented-out':
      return job === null
        ? 'cronwright sync brings it back'
        : `cronwright sync brings it back; cronwright pause ${job} is what holds a job back`;
    case 'moved-out':
      return 'cronwright sync takes it back';
    case 'duplicated':
      return 'cronwright sync takes it out';
    case 'added':
      return 'cronwright sync takes it out; to keep it, move it out of the block first';
    case 'block-gone':
    case 'table-replaced':
      return 'cronwright sync writes the block anew; cronwright snapshots shows what the table was';
    case 'marker':
      return found === null ? 'cronwright sync frames them anew' : markerRemedy(wanted);
    default:
      return unreachable(kind);
  }
}

function markerRemedy(wanted: string | null): string {
  const text = wanted === null ? 'take one of the two blocks out' : `see that there is the line "${wanted}"`;
  return `${text}, or delete the block whole; cronwright sync then writes it anew`;
}
