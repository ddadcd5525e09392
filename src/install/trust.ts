import { errorMessage, UserError } from '../errors.ts';
import { distrustOf } from '../job/trusted-directory.ts';
import { programParts } from './program-parts.ts';

/** What cron will run from a table. */
export interface WhatRuns {
  /** The label of the table. */
  readonly target: string;
  /** The labels of the tables that lines are taken out of; none if not given. */
  readonly takesFrom?: Iterable<string>;
  /** Absolute paths of what the jobs are made from: the jobs file, what it includes, and its calendars. */
  readonly sources: readonly string[];
  /** Absolute path of the program that the lines start. */
  readonly launcher: string;
}

/**
 * Why others could have root's cron run something else than root means: files on whose word something runs as root, and
 * folders and links on the way to them, have to be root's alone. The rule is that of {@link distrustOf}.
 * @returns undefined where all is well, where root does not install, and for a file that no cron of root's may ever read.
 */
export function distrustedBy({ target, takesFrom = [], sources, launcher }: WhatRuns): UserError | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  const tables = [target, ...takesFrom];
  const distrust = tables.every(isFile) ? undefined : distrustedSource(sources);
  return distrust ?? (isFile(target) ? undefined : distrustedProgram(launcher));
}

function isFile(target: string): boolean {
  return target.startsWith('file:');
}

function distrustedSource(sources: readonly string[]): UserError | undefined {
  const found = firstDistrusted(sources);
  if (found === undefined) return undefined;
  return new UserError(
    `root does not install jobs from what others can change: ${found.reason}`,
    `keep it where root alone can write, such as /etc/cronwright; ${remedy(found.path)}`,
  );
}

function distrustedProgram(launcher: string): UserError | undefined {
  const found = firstDistrusted(programParts(launcher));
  if (found === undefined) return undefined;
  return new UserError(
    `root’s cron does not start a program that others can change: ${found.reason}`,
    `install cronwright and Node.js as root; ${remedy(found.path)}`,
  );
}

interface Distrusted {
  /** Of the file that was asked for. */
  readonly path: string;
  readonly reason: string;
}

function firstDistrusted(paths: Iterable<string>): Distrusted | undefined {
  for (const path of paths) {
    const reason = reasonToDistrust(path);
    if (reason !== undefined) return { path, reason };
  }
  return undefined;
}

function reasonToDistrust(path: string): string | undefined {
  try {
    return distrustOf(path, 0);
  } catch (error) {
    return errorMessage(error);
  }
}

function remedy(path: string): string {
  return `look at it, then: chown root ${path} && chmod go-w ${path}`;
}
