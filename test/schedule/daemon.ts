import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Some hours of a zone's time, lived through at a multiple of real time. */
export interface Night {
  readonly zone: string;
  /** ISO 8601 with offset. */
  readonly start: string;
  /** The minute at which it is over. */
  readonly last: string;
  readonly speed: number;
}

/** Runs Debian's cron through a night; for each expression the instants, in UTC milliseconds, at which it fired. */
export async function spend(night: Night, expressions: readonly string[]): Promise<readonly (readonly number[])[]> {
  const home = mkdtempSync(join(tmpdir(), 'night-'));
  try {
    const table = prepare(home, night, expressions);
    const began = await run(home, table, night);
    return expressions.map((_, index) => firedAt(join(home, `fired-${index}`), began, night));
  } finally {
    rmSync(home, { recursive: true });
  }
}

/** A cron.d with one line for each expression, and one that tells the end. Jobs see real time, for cron clears their environment. */
function prepare(home: string, night: Night, expressions: readonly string[]): string {
  const table = join(home, 'cron.d');
  mkdirSync(table);
  const record = (file: string) => `root date +\\%s\\%3N >> ${join(home, file)}`;
  const lines = expressions.map((text, index) => `${text} ${record(`fired-${index}`)}`);
  const end = `${Number(night.last.slice(14, 16))} ${Number(night.last.slice(11, 13))} * * * ${record('over')}`;
  writeFileSync(join(table, 'night'), ['MAILTO=""', ...lines, end, ''].join('\n'), { mode: 0o644 });
  return table;
}

/** In a mount namespace of its own, so that no other table is read and no other cron is met. */
const script = `
set -e
mount --bind "$TABLE" /etc/cron.d
mount -t tmpfs none /run
mount -t tmpfs none /var/spool/cron
mkdir -m 1730 /var/spool/cron/crontabs
mount --bind /dev/null /etc/crontab
date +%s%3N > "$HOME/began"
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin TZ="$ZONE" LD_PRELOAD="$FAKE" FAKETIME="$FROM" cron -f -L 0
`;

async function run(home: string, table: string, night: Night): Promise<number> {
  const local = night.start.slice(0, 19).replace('T', ' ');
  const environment = {
    PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: home,
    TABLE: table,
    ZONE: night.zone,
    FAKE: fakeLibrary(),
    FROM: `@${local} x${night.speed}`,
  };
  const cron = spawn('unshare', ['--mount', 'sh', '-c', script], {
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = once(cron, 'exit');
  try {
    const length = (Date.parse(night.last) - Date.parse(night.start)) / night.speed;
    await appears(join(home, 'over'), cron, length + 20_000);
    return Number(readFileSync(join(home, 'began'), 'utf8'));
  } finally {
    cron.kill();
    await ended;
  }
}

function fakeLibrary(): string {
  const found = readdirSync('/usr/lib').map((triplet) => `/usr/lib/${triplet}/faketime/libfaketime.so.1`);
  return found.find((file) => existsSync(file)) ?? '';
}

async function appears(file: string, cron: ChildProcess, withinMs: number): Promise<void> {
  for (const deadline = performance.now() + withinMs; !existsSync(file); await delay(50)) {
    if (cron.exitCode !== null) throw new Error(`cron ended with ${cron.exitCode}`);
    if (performance.now() > deadline) throw new Error('the night did not end');
  }
}

/** The fake instant is the start and what has passed since, faster. */
function firedAt(file: string, began: number, { start, speed }: Night): readonly number[] {
  if (!existsSync(file)) return [];
  const moments = readFileSync(file, 'utf8').trim().split('\n').map(Number);
  return moments.map((moment) => Date.parse(start) + (moment - began) * speed).sort((a, b) => a - b);
}
