import { resolve } from 'node:path';
import { UserError } from '../errors.ts';

/** Which table is meant. */
export type Target =
  | { readonly kind: 'user' }
  /** An absolute path. */
  | { readonly kind: 'file'; readonly path: string };

/** Their lines have a user between time and command, which ours have not. */
const systemTable = /^\/etc\/(?:crontab|cron\.d\/.*)$/;

/**
 * Reads `--target`: `user`, or `file:PATH`.
 * @throws UserError for anything else, and for the system's own tables.
 */
export function parseTarget(text: string): Target {
  if (text === 'user') return { kind: 'user' };
  const [, named] = /^file:(.+)$/s.exec(text) ?? [];
  if (named === undefined) throw new UserError(`found the target ${JSON.stringify(text)}, expected user or file:PATH`);
  const path = resolve(named);
  if (!systemTable.test(path)) return { kind: 'file', path };
  throw new UserError(
    `cannot use ${path} as a table: its lines name a user, those of a crontab do not`,
    'install as that user with --target user',
  );
}
