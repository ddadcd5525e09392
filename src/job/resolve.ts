import { dirname, resolve } from 'node:path';
import { mergeDefaults } from './defaults.ts';
import type { Command, Job, JobId, JobName, MailSettings, RetryPolicy } from './job.ts';
import { milliseconds, resolveSettings } from './settings.ts';
import type { Defaults, IncludedFile, JobEntry, JobsFile, MailEntry } from './shape.ts';

/** A file as written, checked, with its absolute path. */
export interface CheckedFile {
  readonly path: string;
  readonly data: JobsFile | IncludedFile;
}

const noRetry: RetryPolicy = { attempts: 1, delay: 30_000, backoff: 'fixed', maxDelay: 600_000, jitter: 0, on: 'any' };
const graceDefault = 10_000;

/** The jobs of one file: its defaults filled in, its paths absolute, its times in milliseconds. */
export function resolveJobs(file: CheckedFile, project: JobName, outer: Defaults): readonly Job[] {
  const defaults = mergeDefaults(outer, file.data.defaults ?? {});
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
      cwd: said.cwd === undefined ? '' : resolve(dirname(file.path), said.cwd),
      env: { ...file.data.env, ...entry.env },
      envFiles: [...paths(file.data['env-file']), ...paths(entry['env-file'])],
      timeout: milliseconds(said.timeout, 0),
      grace: milliseconds(said.grace, graceDefault),
      retry: retryPolicy(said.retry),
      notify: { on: said.notify?.on ?? ['failure'], to: list(said.notify?.to) },
      ...resolveSettings(said, entry.stdin, dirname(file.path)),
    };
  });
}

/** The defaults of a file as another one inherits them: its paths are absolute, because they are meant as here. */
export function handedDown({ path, data }: CheckedFile): Defaults {
  const { cwd, output, ...others } = data.defaults ?? {};
  const from = (place: string) => resolve(dirname(path), place);
  return {
    ...others,
    ...(cwd === undefined ? {} : { cwd: from(cwd) }),
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
