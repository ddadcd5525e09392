import { notifyEvents } from '../job.ts';
import type { Defaults, JobEntry } from '../shape.ts';

/** What a jobs file says of all its jobs. */
export interface SaidOfAll {
  /** With the file's `timezone:` among them. */
  readonly defaults: Defaults;
  readonly env: Readonly<Record<string, string>>;
  /** As written. */
  readonly envFiles: readonly string[];
}

/** What holds for a job of which nothing is said, where a file cannot say so. */
export interface Otherwise {
  readonly home: string;
  /** The account that the jobs of the file run under. */
  readonly account: string;
  /** IANA name of the host's zone. */
  readonly zone: string;
}

/** A job that says itself what its file would have it do otherwise. */
export interface Undisturbed {
  readonly entry: JobEntry;
  /** What the file adds all the same, each a sentence without a full stop. */
  readonly notes: readonly string[];
  /** Why the job cannot stand in this file; undefined where it can. */
  readonly obstacle: string | undefined;
}

/**
 * An entry that means in a file what it means in one without `defaults:` and `env:`. `owner`, `labels` and what is kept of
 * the output may well come from the defaults: they change nothing about what runs.
 */
export function undisturbed(entry: JobEntry, said: SaidOfAll, otherwise: Otherwise): Undisturbed {
  const { defaults } = said;
  const cron = cronEnvironment(otherwise);
  const given = entry.env ?? {};
  const restored = Object.entries(cron).filter(([name]) => said.env[name] !== undefined && given[name] === undefined);
  const added = Object.keys(said.env).filter((name) => given[name] === undefined && cron[name] === undefined);
  const { replaces, ...others } = entry;
  const env = { ...given, ...Object.fromEntries(restored) };
  const explicit = Object.entries(neutral(entry, defaults, otherwise)).filter(
    ([key]) => key in defaults && !(key in entry),
  );
  return {
    entry: {
      ...others,
      ...(restored.length === 0 ? {} : { env }),
      ...(entry.notify === undefined ? {} : { notify: { ...allEvents(defaults), ...entry.notify } }),
      ...Object.fromEntries(explicit),
      ...(replaces === undefined ? {} : { replaces }),
    },
    notes: notesOf(added, said.envFiles),
    obstacle: obstacleOf(defaults),
  };
}

function cronEnvironment({ home, account }: Otherwise): Readonly<Record<string, string>> {
  return { PATH: '/usr/bin:/bin', HOME: home, SHELL: '/bin/sh', LOGNAME: account, USER: account };
}

/** What each default is to be for a job that nobody spoke of. */
function neutral(
  entry: JobEntry,
  { timezone, output }: Defaults,
  { home, account, zone }: Otherwise,
): Partial<Defaults> {
  return {
    cwd: entry.env?.HOME?.replaceAll('$${', '${') ?? home,
    timeout: 0,
    grace: '10s',
    retry: { attempts: 1 },
    user: account,
    umask: '0022',
    nice: 0,
    overlap: 'skip',
    'success-exit': [0],
    'fail-when': { stderr: false, 'output-matches': '' },
    ...(output?.file ? { output: { file: '' } } : {}),
    ...(timezone === zone ? {} : { timezone: zone }),
    dst: asCron(entry.schedule),
    jitter: '0s',
    missed: 'ignore',
    'late-after': 0,
    'warn-after': 0,
  };
}

/** As Debian's cron(8) says: what begins with `*` in its minute or hour follows the clock, times of day are made up for. */
function asCron(schedule: JobEntry['schedule']): NonNullable<Defaults['dst']> {
  const follows = [schedule].flat().some((text) => /^\*|^\S+\s+\*|^@hourly/.test(text));
  return follows ? { skipped: 'skip', repeated: 'twice' } : { skipped: 'run-after', repeated: 'once' };
}

/** Somebody who was named is told of everything, whatever the file says of its other jobs. */
function allEvents({ notify }: Defaults): Defaults['notify'] {
  return notify?.on === undefined ? {} : { on: [...notifyEvents] };
}

function notesOf(added: readonly string[], envFiles: readonly string[]): readonly string[] {
  const file = envFiles.length === 0 ? [] : [`the file’s env-file: gives it variables too (${envFiles.join(', ')})`];
  return added.length === 0 ? file : [`the file’s env: gives it ${added.join(', ')} too`, ...file];
}

/** What no job can take back. */
const lasting = ['start', 'end', 'except'] as const;

function obstacleOf(defaults: Defaults): string | undefined {
  const key = lasting.find((one) => defaults[one] !== undefined);
  return key && `defaults: of the jobs file has ${key}:, which a job of that file cannot be without`;
}
