import type { Fields, Schedule } from '../schedule.ts';
import { dayWords, windowDayWords } from './day-words.ts';
import { countWords, intervalWords, windowWords } from './interval-words.ts';
import { timeWords } from './time-words.ts';

/** When schedules run, in plain English: `every weekday at 09:00`. Several are joined with `; `. */
export function describe(schedules: readonly Schedule[]): string {
  return schedules.map(describeOne).join('; ');
}

function describeOne(schedule: Schedule): string {
  switch (schedule.kind) {
    case 'reboot':
      return 'at every start of the machine';
    case 'interval':
      return intervalWords(schedule.interval);
    case 'calendar':
      return fieldsWords(schedule.fields);
  }
}

function fieldsWords(fields: Fields): string {
  const time = timeWords(fields);
  const { between, extra } = fields;
  // A single moment lies in its window, or the schedule would not be one.
  if (between !== undefined && time.kind === 'rhythm') {
    const words = [time.words, windowWords(between), windowDayWords(fields)];
    return words.filter((part) => part !== undefined).join(' ');
  }
  const days = extra?.every === undefined ? dayWords(fields) : countWords(extra.every);
  if (time.kind === 'moment') return `${days ?? 'every day'} ${time.words}`;
  return days === undefined ? time.words : `${time.words}, ${days}`;
}
