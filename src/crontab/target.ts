import { resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { isName, type JobName } from '../job/job.ts';

/** Which table is meant. */
export type Target =
  /** The crontab of the calling user. */
  | { readonly kind: 'user' }
  /** That of another account, through `crontab -u`, which takes root. */
  | { readonly kind: 'user-of'; readonly user: string }
  /** A file of cronwright's own in /etc/cron.d, by its name there. */
  | { readonly kind: 'cron.d'; readonly name: string }
  /** An absolute path. */
  | { readonly kind: 'file'; readonly path: string };

/** Where crons look for tables of packages; each of their lines names an account. */
export const systemFolder = '/etc/cron.d';

/** Whether a path is one of the system's own tables: their lines have a user between time and command, crontab(5). */
export function isSystemTable(path: string): boolean {
  return /^\/etc\/(?:crontab|cron\.d\/.*)$/s.test(path);
}

/**
 * Reads `--target`: `user`, `user:NAME`, `cron.d` or `file:PATH`; also what {@link targetLabel} writes.
 * @param project whose file in /etc/cron.d is meant by `cron.d`.
 * @throws UserError for anything else, and for the system's own tables.
 */
export function parseTarget(text: string, project?: JobName): Target {
  if (text === 'user') return { kind: 'user' };
  if (text === 'cron.d' && project !== undefined) return { kind: 'cron.d', name: `cronwright-${project}` };
  const [, kind, named] = /^(user|cron\.d|file):(.+)$/s.exec(text) ?? [];
  if (kind === 'user' && named !== undefined && isAccountName(named)) return { kind: 'user-of', user: named };
  if (kind === 'cron.d' && isOwnName(named)) return { kind: 'cron.d', name: named };
  if (kind === 'file' && named !== undefined) return fileTarget(resolve(named));
  throw new UserError(
    `found the target ${JSON.stringify(text)}, expected user, user:NAME, cron.d or file:PATH`,
    'cronwright sync --help',
  );
}

function fileTarget(path: string): Target {
  if (!isSystemTable(path)) return { kind: 'file', path };
  throw new UserError(
    `cannot use ${path} as a table: its lines name a user, those of a crontab do not`,
    'install into a file of its own there with --target cron.d, or as that user with --target user',
  );
}

/** As the target stands in messages and in the registry; {@link parseTarget} reads it. */
export function targetLabel(target: Target): string {
  switch (target.kind) {
    case 'user':
      return 'user';
    case 'user-of':
      return `user:${target.user}`;
    case 'cron.d':
      return `cron.d:${target.name}`;
    case 'file':
      return `file:${target.path}`;
  }
}

/** Debian's cron reads only files of these names (cron(8)), cronie those without a dot in front as well. */
function isOwnName(name: string | undefined): name is string {
  const project = name?.replace(/^cronwright-/, '');
  return name !== project && project !== undefined && isName(project);
}

/** No option of crontab(1), and no path. */
function isAccountName(name: string): boolean {
  return /^[A-Za-z0-9_.][A-Za-z0-9_.@+-]*\$?$/.test(name);
}
