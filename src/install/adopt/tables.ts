import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Cron } from '../../crontab/cron/cron.ts';
import { crons } from '../../crontab/cron/crons.ts';
import { recogniseCron } from '../../crontab/cron/recognise.ts';
import { spools } from '../../crontab/spool.ts';
import { isSystemTable, systemFolder } from '../../crontab/target.ts';
import { exitStatus, UserError } from '../../errors.ts';
import { accountOf, ownAccount } from '../../job/account.ts';
import { tableOf } from '../place.ts';
import type { SourceTable } from './source.ts';

/** The table that all crons with /etc/cron.d read beside it. */
const mainTable = '/etc/crontab';

/**
 * The tables that `--from` names, read and left as they are: `user`, `user:NAME`, /etc/crontab, a file of /etc/cron.d,
 * `file:PATH`, or `all`: one's own and, as root, those of all users and of the system.
 * @throws UserError for anything else, and for a table that cannot be read.
 */
export async function readSources(from: string): Promise<readonly SourceTable[]> {
  const cron = (await recogniseCron()) ?? crons.debian;
  const names = from === 'all' ? everyTable(cron) : [nameOf(from)];
  const sources: SourceTable[] = [];
  for (const name of names) sources.push(await readSource(name, cron));
  return sources;
}

/** A table as `replaces:` names it. */
function nameOf(from: string): string {
  if (from === 'user' || from === `user:${ownAccount().user}`) return 'user';
  if (/^user:[^:]+$/.test(from)) return from;
  const path = /^file:(.+)$/s.exec(from)?.[1] ?? (from.startsWith('/') ? from : undefined);
  if (path !== undefined) return resolve(path);
  throw new UserError(
    `found --from ${from}, expected user, user:NAME, ${mainTable}, ${systemFolder}/NAME, file:PATH or all`,
    'cronwright adopt --help',
  );
}

async function readSource(name: string, cron: Cron): Promise<SourceTable> {
  if (name.startsWith('/') && !existsSync(name)) throw new UserError(`there is no table ${name}`);
  if (name.startsWith('user:')) checkReadable(ownerOf(name));
  const system = isSystemTable(name);
  const table = tableOf(name.startsWith('/') && !system ? `file:${name}` : name);
  return { name, bytes: await table.read(), system, owner: system ? 'root' : ownerOf(name), cron };
}

function checkReadable(user: string): void {
  if (accountOf(user) === undefined) {
    throw new UserError(`there is no user ${user} here`, 'getent passwd names those that are');
  }
  if (process.geteuid?.() === 0) return;
  throw new UserError(`it takes root to read the crontab of ${user}`, 'sudo cronwright …', exitStatus.denied);
}

function ownerOf(name: string): string {
  return name.startsWith('user:') ? name.slice('user:'.length) : ownAccount().user;
}

function everyTable(cron: Cron): readonly string[] {
  if (process.geteuid?.() !== 0) return ['user'];
  const own = ownAccount().user;
  const users = [...new Set(spools.flatMap(filesIn))].filter((name) => name !== own && accountOf(name)?.user === name);
  const files = filesIn(systemFolder).filter((name) => cron.systemNames?.test(name) === true);
  return [
    'user',
    ...users.map((name) => `user:${name}`),
    ...(existsSync(mainTable) && cron.systemNames !== undefined ? [mainTable] : []),
    ...files.map((name) => `${systemFolder}/${name}`),
  ];
}

/** The names of the files of a folder, in order; none where there is no such folder. */
function filesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isFile() ? [entry.name] : [])).sort();
}
