import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { canMakeCronWorld } from '../e2e/cron-world.ts';
import { newPlace, type Place } from '../e2e/place.ts';
import { clockMovedBy, type Ended, type Running } from '../e2e/program.ts';
import { skipWithout } from '../schedule/requirement.ts';
import { writeFile } from '../temporary.ts';
import { type Mounts, newMounts } from './mounts.ts';

export const skipUnlessTables = skipWithout(canMakeCronWorld(), 'Debian’s cron, util-linux and root');

/** Lines of others, one of them no UTF-8, without a job that cron would run at once. */
export const foreign = Buffer.from('MAILTO=ops\n# caf\xe9\t twice  the blanks\n5 4 1 1 * /usr/bin/mine %\n', 'latin1');

/** What `--target` takes here: a file is named by its name in the place. */
export type Kind = 'user' | 'cron.d' | 'file:table' | 'file:other';
export const kinds = ['user', 'cron.d', 'file:table'] as const;

/** A place among mounts of its own: nobody else sees its spool, its /etc/cron.d and its /var/lib. */
export interface Ground extends Place {
  /** The program that starts cronwright here. */
  readonly launcher: string;
  readonly mounts: Mounts;
  /** Each start is in a minute of its own, in the fifth second, so that none waits for another second or minute. */
  start(words: readonly string[], options?: { readonly also?: NodeJS.ProcessEnv }): Running;
  /** The same, to its end. */
  cronwright(words: readonly string[], options?: { readonly also?: NodeJS.ProcessEnv }): Promise<Ended>;
  /** The same, which must end with that status. */
  ends(status: number, ...words: readonly string[]): Promise<Ended>;
  target(kind: Kind): string;
  /** The bytes of a table; empty where there is none. */
  bytes(kind: Kind): Buffer;
  /** Writes a table as somebody would who is not cronwright. */
  write(kind: Kind, bytes: Buffer | string): Promise<void>;
  /** Variables with which a script stands before the real crontab: what it does not end goes on there. */
  misbehaving(script: string): NodeJS.ProcessEnv;
  /** The folder that a table lies in, or what is remembered, for {@link Mounts.change}. */
  folder(of: Kind | 'state'): string;
  /** Files that no command should leave. */
  litter(): readonly string[];
}

const minute = 60_000;

export async function newTableGround(t: TestContext, launcher: string): Promise<Ground> {
  const mounts = await newMounts(t);
  const entrance = mounts.entrance(launcher);
  const place = newPlace(t, entrance);
  const { path } = place;
  await mounts.change(`
cd '${path}' && mkdir -m 1730 spool && mkdir -m 0700 var-lib && mkdir tmp tables bin
mount --bind spool /var/spool/cron/crontabs
mount --bind var-lib /var/lib
mount -t tmpfs -o mode=0755,size=2m own /etc/cron.d
mount --bind /dev/null /etc/crontab`);
  let minutes = 0;
  const surroundings = (): NodeJS.ProcessEnv => {
    const moved = 5_000 - (Date.now() % minute) + minutes++ * minute;
    return { TMPDIR: join(path, 'tmp'), ...clockMovedBy(moved) };
  };
  const among = ({ also }: { readonly also?: NodeJS.ProcessEnv } = {}) => ({ also: { ...surroundings(), ...also } });
  const folder = (of: Kind | 'state'): string => {
    if (of === 'state') return place.state;
    if (of === 'user') return '/var/spool/cron/crontabs';
    return of === 'cron.d' ? '/etc/cron.d' : join(path, 'tables');
  };
  const nameOf = (kind: Kind): string =>
    ({ user: 'root', 'cron.d': 'cronwright-shop' })[kind as string] ?? kind.slice(5);
  const pathOf = (kind: Kind): string => join(folder(kind), nameOf(kind));
  const ground: Ground = {
    ...place,
    mounts,
    launcher: entrance,
    start: (words, options) => place.start(words, among(options)),
    cronwright: (words, options) => place.cronwright(words, among(options)),
    async ends(status, ...words) {
      const ended = await ground.cronwright(words);
      assert.equal(ended.status, status, `${words.join(' ')}: ${ended.out}${ended.err}`);
      return ended;
    },
    target: (kind) => (kind.startsWith('file:') ? `file:${pathOf(kind)}` : kind),
    bytes: (kind) => {
      const stored = readIfAny(mounts.seen(pathOf(kind)));
      return kind === 'user' ? withoutHeader(stored) : stored;
    },
    async write(kind, bytes) {
      const source = writeFile(path, 'given', Buffer.from(bytes));
      await mounts.change(kind === 'user' ? `crontab '${source}'` : `cp '${source}' '${pathOf(kind)}'`);
    },
    misbehaving(script) {
      const folder = join(path, 'bin');
      const head = `#!/bin/sh\nplace='${path}'\nreal=/usr/bin/crontab\n`;
      writeFile(folder, 'crontab', `${head}${script}\nexec $real "$@"\n`, 0o755);
      return { PATH: `${folder}:${process.env.PATH}` };
    },
    // What a crontab leaves that is killed lies in its spool and is its own; what it was to check lies where all that is
    // temporary does.
    litter: () =>
      [
        [folder('user'), /^(?:root|tmp\..{6})$/],
        [folder('cron.d'), /^cronwright-(?:shop|store)$/],
        [folder('file:table'), /^(?:table|other)$/],
        [join(path, 'tmp'), /^cronwright-table-/],
        ['/var/lib/cronwright', /^(?:compiled|.*\.lock)$/],
        [place.state, /^(?:cronwright\.db(?:-wal|-shm)?|compiled|jobs|spool|.*\.lock)$/],
      ].flatMap(([where, known]) => strangersIn(mounts.seen(where as string), known as RegExp)),
    folder,
  };
  return ground;
}

/** What Debian's crontab puts above a table is not of the table. */
function withoutHeader(stored: Buffer): Buffer {
  const header = /^# DO NOT EDIT THIS FILE .*\n# \(.* installed on .*\)\n# \(Cron version .*\)\n/;
  return Buffer.from(stored.toString('latin1').replace(header, ''), 'latin1');
}

function readIfAny(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}

function strangersIn(folder: string, known: RegExp): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => !known.test(name));
  } catch {
    return [];
  }
}

/** Jobs in two forms; from the one to the other nothing is lost, so that nobody needs to agree. */
export const forms = ['15 2 * * *', '45 6 * * 1'].map(
  (when) => `jobs:
  backup: { schedule: "${when}", command: "true" }
  clean: { schedule: "0 5 * * *", command: "true" }
`,
) as [string, string];

/** What a table is with each of the two forms installed; the first one is in force then. */
export async function bothForms(ground: Ground, kind: Kind, above = foreign): Promise<readonly [Buffer, Buffer]> {
  const install = async (form: string): Promise<Buffer> => {
    ground.jobs(form);
    await ground.ends(0, 'sync', '--target', ground.target(kind));
    return ground.bytes(kind);
  };
  if (kind !== 'cron.d') await ground.write(kind, above);
  const [first, second] = [await install(forms[0]), await install(forms[1])];
  await install(forms[0]);
  assert.ok(!first.equals(second));
  assert.deepEqual(ground.bytes(kind), first);
  return [first, second];
}

/** Which of the known tables one is; anything else is what no fault may bring about. */
export function oneOf(table: Buffer, known: readonly Buffer[]): number {
  const index = known.findIndex((one) => one.equals(table));
  const expected = known.map((one) => JSON.stringify(one.toString('latin1'))).join('\nor ');
  assert.ok(index >= 0, `found ${JSON.stringify(table.toString('latin1'))}\nexpected ${expected}`);
  return index;
}
