import type { Job } from './job.ts';

/** The settings that every job has and few need to name. */
export type Settings = Pick<
  Job,
  | 'user'
  | 'umask'
  | 'nice'
  | 'stdin'
  | 'overlap'
  | 'waitUpTo'
  | 'successExit'
  | 'failWhen'
  | 'output'
  | 'labels'
  | 'timezone'
  | 'dst'
  | 'jitter'
  | 'start'
  | 'end'
  | 'except'
  | 'missed'
  | 'startDeadline'
  | 'lateAfter'
  | 'warnAfter'
>;

/** What holds where neither a job nor its defaults say otherwise. */
export const usualSettings: Settings = {
  user: '',
  umask: null,
  nice: 0,
  stdin: { kind: 'empty' },
  overlap: 'skip',
  waitUpTo: 3_600_000,
  successExit: [0],
  failWhen: { stderr: false, outputMatches: '' },
  output: { keep: 128 * 1024, file: '', rotate: { size: 10 * 1024 * 1024, keep: 5 } },
  labels: [],
  timezone: '',
  dst: { skipped: 'as-cron', repeated: 'as-cron' },
  jitter: { offset: 0, delay: 0 },
  start: '',
  end: '',
  except: [],
  missed: 'ignore',
  startDeadline: 86_400_000,
  lateAfter: 0,
  warnAfter: 0,
};

/** A job as an earlier version may have stored it. */
export type StoredJob = Omit<Job, keyof Settings> & Partial<Settings>;

/**
 * A stored job with the settings that it lacks. It is the same JSON, key by key in the same order, as the same job
 * resolved today: the comparison with what is installed is one of texts.
 */
export function completed(spec: StoredJob): Job {
  // The first spread puts the stored keys first, the last one gives them their values back.
  return { ...spec, ...usualSettings, ...spec };
}
