import { endOfPause, pauseAmong } from '../../store/past-pauses.ts';
import type { Pause, PauseScope } from '../../store/pauses.ts';
import type { Evidence } from './evidence.ts';
import { type Reason, reason } from './reason.ts';
import { minuteWords } from './told-time.ts';

/** The pause that was in force at an instant. */
export function pauseAt({ pauses, versions }: Pick<Evidence, 'pauses' | 'versions'>, at: number): Pause | undefined {
  const job = versions.at(-1)?.job;
  return job && pauseAmong(pauses, job, at);
}

/** What a pause is for, to follow "paused", and what `resume` is told. */
const scopes: Readonly<Record<PauseScope, (name: string) => { readonly words: string; readonly option: string }>> = {
  all: () => ({ words: ' with all jobs', option: '--all' }),
  label: (name) => ({ words: ` with the label ${name}`, option: `--label ${name}` }),
  job: (name) => ({ words: '', option: name }),
};

/** Who holds a job back, or held it back, and until when. */
export function pausedReason({ zone, now }: Pick<Evidence, 'zone' | 'now'>, pause: Pause): Reason {
  const { scope, name, reason: why, by, since, endedBy } = pause;
  const end = endOfPause(pause);
  const goesOn = end === null || end > now;
  const { words, option } = scopes[scope](name);
  const said = why === '' ? '' : `: ${why}`;
  const message = `It ${goesOn ? 'is' : 'was'} paused${words} by ${by} since ${minuteWords(since, zone)}${said}.`;
  const evidence = [endWords(end === null ? undefined : minuteWords(end, zone), goesOn, endedBy)];
  return reason('paused', message, { evidence, remedy: goesOn ? `cronwright resume ${option}` : null });
}

function endWords(end: string | undefined, goesOn: boolean, by: string | null): string {
  if (end === undefined) return 'the pause has no end';
  if (goesOn) return `the pause goes on until ${end}`;
  return by === null ? `the pause ended by itself at ${end}` : `${by} ended the pause at ${end}`;
}
