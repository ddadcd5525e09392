import { durationWords } from '../../job/duration.ts';
import { minuteMs } from '../calendar/wall.ts';
import type { Case, Remark } from './case.ts';

/** The tick makes up for no more than so many slots of a job. */
const mostCaughtUp = 100;
/** As many runs in a row are no flood. */
const bearable = 10;

/** Each minute in which the machine was off is run when it is on again. */
export function missedFlood({ job, place }: Case, interval: () => number): readonly Remark[] {
  if (job.missed !== 'run-all' || interval() > minuteMs) return [];
  const runs = Math.min(mostCaughtUp, Math.floor(job.startDeadline / minuteMs));
  if (runs <= bearable) return [];
  const within = durationWords(job.startDeadline);
  const message = `found missed: run-all for ${job.name}, a job of every minute: once cron was down for ${durationWords(runs * minuteMs)}, ${runs} runs follow one another; its start-deadline is ${within}`;
  const hint = `write missed: run-once, or a start-deadline: of at most ${bearable}m`;
  return [{ code: 'missed-flood', job: job.name, message, hint, place: () => place('missed', 'value') }];
}
