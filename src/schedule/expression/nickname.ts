import { nearest } from '../../job/nearest.ts';
import { wholeProblem, writeHint } from '../problem.ts';
import type { ScheduleProblem } from '../schedule.ts';

/** The nicknames of crontab(5) and the fields they stand for; `@reboot` stands for none. */
export const nicknames: Readonly<Record<string, string | undefined>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
  '@reboot': undefined,
};

/** What is wrong with a word after `@`: cron compares it letter by letter, case included. */
export function nicknameProblem(text: string): ScheduleProblem {
  const word = text.trim();
  const every = /^@every\s+(\S.*)$/i.exec(word)?.[1];
  const meant = every === undefined ? nearest(word, Object.keys(nicknames)) : `every ${every}`;
  const known = Object.keys(nicknames).join(', ');
  const message = `found ${word}, expected one of ${known}`;
  return wholeProblem(text, 'schedule-nickname', message, meant === undefined ? undefined : writeHint(meant));
}
