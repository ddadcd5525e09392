import { wallAt, wallText } from '../calendar/wall-instant.ts';
import type { Case, Remark } from './case.ts';

/** A job whose `end` is past stands in the table for nothing. */
export function endPassed({ job, place, zone, now }: Case): readonly Remark[] {
  const { start, end } = job;
  const present = wallText(wallAt(now, zone));
  if (end === '' || end >= present || (start !== '' && end < start)) return [];
  const message = `found the end at ${end.replace('T', ' ')}, which has passed in ${zone.name}: ${job.name} runs no more`;
  const hint = 'remove the job, or choose a later end:';
  return [{ code: 'end-passed', job: job.name, message, hint, place: () => place('end', 'value') }];
}
