import { dirname, resolve } from 'node:path';
import { mergeDefaults } from './defaults.ts';
import { milliseconds } from './duration.ts';
import { absoluteExcept, type CalendarFiles } from './except.ts';
import {
  type Command,
  type Job,
  type JobId,
  type JobName,
  type MailSettings,
  notifyEvents,
  type RetryPolicy,
} from './job.ts';
import { resolveSettings } from './settings.ts';
import type { Defaults, IncludedFile, JobEntry, JobsFile, MailEntry } from './shape.ts';

/** A file as written, checked, with its absolute path. */
export interface CheckedFile {
  readonly path: string;
  readonly data: JobsFile | IncludedFile;
  /** Those that the files of a project name. */
  readonly calendars: CalendarFiles;
}

const noRetry: RetryPolicy = { attempts: 1, delay: 30_000, backoff: 'fixed', maxDelay: 600_000, jitter: 0, on: 'any' };
const graceDefault = 10_000;

/** The jobs of one file: its defaults filled in, its paths absolute, its times in milliseconds. */
export function resolveJobs(file: CheckedFile, project: JobName, outer: Defaults): readonly Job[] {
  const defaults = mergeDefaults(outer, ownDefaults(file.data));
  const folder = dirname(file.path);
  return Object.entries(file.data.jobs ?? {}).map(([name, entry]) => {
    const said = mergeDefaults(defaults, entry);
    const paths = (value: string | readonly string[] | undefined) => absolute(file.path, value);
    return {
      id: `${project}/${name}` as JobId,
      project,
      name: name as JobName,
      description: entry.description ?? '',
      owner: said.owner ?? '',
      schedule: nonEmpty(entry.schedule),
      command: command(entry.command),
      cwd: said.cwd === undefined ? '' : resolve(folder, said.cwd),
      env: { ...file.data.env, ...entry.env },
      envFiles: [...paths(file.data['env-file']), ...paths(entry['env-file'])],
      timeout: milliseconds(said.timeout, 0),
      grace: milliseconds(said.grace, graceDefault),
      retry: retryPolicy(said.retry),
      notify: { on: said.notify?.on ?? notifyEvents, to: list(said.notify?.to) },
      ...resolveSettings(said, entry.stdin, folder, file.calendars.spansOf(said.except, folder)),
    };
  });
}

/** What a file says of all its jobs: its `timezone:` stands for one under `defaults:`. */
function ownDefaults({ timezone, defaults = {} }: CheckedFile['data']): Defaults {
  return timezone === undefined ? defaults : { timezone, ...defaults };
}

/** The defaults of a file as another one inherits them: its paths are absolute, because they are meant as here. */
export function handedDown({ path, data }: Pick<CheckedFile, 'path' | 'data'>): Defaults {
  const { cwd, output, except, ...others } = ownDefaults(data);
  const from = (place: string) => resolve(dirname(path), place);
  return {
    ...others,
    ...(cwd === undefined ? {} : { cwd: from(cwd) }),
    ...(except === undefined ? {} : { except: absoluteExcept(except, dirname(path)) }),
    ...(output === undefined ? {} : { output: output.file ? { ...output, file: from(output.file) } : output }),
  };
}

export function resolveMail(entry: MailEntry): MailSettings {
  const argv = nonEmpty(entry.sendmail ?? '');
  return {
    from: entry.from,
    to: nonEmpty(entry.to),
    transport: entry.smtp === undefined ? { kind: 'sendmail', argv } : { kind: 'smtp', url: entry.smtp },
  };
}

/** One path or several, relative to the folder of `file`, as absolute ones. */
export function absolute(file: string, value: string | readonly string[] | undefined): readonly string[] {
  return list(value).map((path) => resolve(dirname(file), path));
}

export function list(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : nonEmpty(value);
}

function nonEmpty(value: string | readonly string[]): readonly [string, ...string[]] {
  return typeof value === 'string' ? [value] : (value as readonly [string, ...string[]]);
}

function command(entry: JobEntry['command']): Command {
  return typeof entry === 'string' ? { kind: 'shell', line: entry } : { kind: 'program', argv: entry };
}

function retryPolicy(entry: Defaults['retry'] = {}): RetryPolicy {
  const delay = milliseconds(entry.delay, noRetry.delay);
  return {
    attempts: entry.attempts ?? noRetry.attempts,
    delay,
    backoff: entry.backoff ?? noRetry.backoff,
    maxDelay: milliseconds(entry['max-delay'], Math.max(noRetry.maxDelay, delay)),
    jitter: entry.jitter ?? noRetry.jitter,
    on: entry.on ?? noRetry.on,
  };
}
