import { dayWords } from './day-words.ts';
import type { Schedule } from './schedule.ts';
import { timeWords } from './time-words.ts';

/** When schedules run, in plain English: `every weekday at 09:00`. Several are joined with `; `. */
export function describe(schedules: readonly Schedule[]): string {
  return schedules.map(describeOne).join('; ');
}

function describeOne(schedule: Schedule): string {
  if (schedule.kind === 'reboot') return 'at every start of the machine';
  const time = timeWords(schedule.fields);
  const days = dayWords(schedule.fields);
  if (time.kind === 'moment') return `${days ?? 'every day'} ${time.words}`;
  return days === undefined ? time.words : `${time.words}, ${days}`;
}
