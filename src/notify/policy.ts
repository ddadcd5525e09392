import type { Job, MailSettings, NotifyEvent } from '../job/job.ts';

/** The ends that are told. Whether somebody asked for a run to be cancelled is for the caller to know. */
const toldStates: readonly string[] = ['failed', 'timed-out', 'interrupted', 'cancelled'];

/** Whether a job asks for a report of a run that ended in this state. */
export function isTold({ on }: Job['notify'], state: string): boolean {
  return on.includes('failure') && toldStates.includes(state);
}

/** Whether a job asks for a report of something else than the end of a run. */
export function isToldOf({ on }: Job['notify'], event: Exclude<NotifyEvent, 'failure'>): boolean {
  return on.includes(event);
}

/** The addresses that a job's reports go to: its own, else those of the project, each once. */
export function recipients({ to }: Job['notify'], mail: MailSettings): readonly string[] {
  return [...new Set(to.length > 0 ? to : mail.to)];
}

const minute = 60_000;
const hour = 60 * minute;

/** The waits after the first failed tries: a server that restarts is back in a minute. */
const firstWaits = [minute, 2 * minute, 5 * minute, 10 * minute, 30 * minute, hour] as const;
const laterWait = 3 * hour;
/** What is down on a Friday evening is mended on Monday morning. */
const longestTry = 3 * 24 * hour;

/**
 * When a mail is tried again, UTC milliseconds; undefined when it is given up.
 * @param tries how many have failed, at least 1.
 */
export function nextTry(tries: number, now: number): number | undefined {
  const waits = Array.from({ length: tries }, (_, index) => firstWaits[index] ?? laterWait);
  const total = waits.reduce((sum, wait) => sum + wait, 0);
  return total <= longestTry ? now + (waits.at(-1) ?? 0) : undefined;
}
