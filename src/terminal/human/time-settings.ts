import type { JobField } from '../../crontab/job-changes.ts';
import type { DateSpan, DaylightPolicy, Jitter, Job } from '../../job/job.ts';
import { span, stampMinute } from '../when.ts';

const timeFields = [
  'timezone',
  'dst',
  'jitter',
  'start',
  'end',
  'except',
  'missed',
  'start-deadline',
  'late-after',
  'warn-after',
] as const satisfies readonly JobField[];

/** The parts of a job that say when it runs, its schedule apart. */
export type TimeField = (typeof timeFields)[number];

export function isTimeField(field: JobField): field is TimeField {
  return timeFields.some((one) => one === field);
}

/** Such a part in words. */
export function timeText(job: Job, field: TimeField): string {
  switch (field) {
    case 'timezone':
      return job.timezone || 'that of the host';
    case 'dst':
      return daylightWords(job.dst);
    case 'jitter':
      return jitterWords(job.jitter);
    case 'start':
    case 'end':
      return job[field] === '' ? 'none' : stampMinute(job[field]);
    case 'except':
      return job.except.map(dateSpanWords).join(', ') || 'none';
    case 'missed':
      return job.missed;
    case 'start-deadline':
      return span(job.startDeadline);
    case 'late-after':
      return job.lateAfter === 0 ? 'never' : span(job.lateAfter);
    case 'warn-after':
      return job.warnAfter === 0 ? 'never' : span(job.warnAfter);
  }
}

function daylightWords({ skipped, repeated }: DaylightPolicy): string {
  return `skipped times ${skipped}, repeated ones ${repeated}`;
}

function jitterWords({ offset, delay }: Jitter): string {
  const parts = [offset > 0 ? `an offset below ${span(offset)}` : [], delay > 0 ? `a delay up to ${span(delay)}` : []];
  return parts.flat().join(', ') || 'none';
}

function dateSpanWords({ from, to, name }: DateSpan): string {
  const dates = from === to ? from : `${from} to ${to}`;
  return name === '' ? dates : `${dates} (${name})`;
}
