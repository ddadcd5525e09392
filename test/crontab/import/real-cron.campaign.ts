import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { canMakeFastWorld, type FastWorld, makeFastWorld } from '../../e2e/fast-world.ts';
import { until } from '../../e2e/program.ts';
import { skipWithout } from '../../schedule/requirement.ts';
import { writeFile } from '../../temporary.ts';

const start = Date.parse('2026-03-02T00:57:50Z');
const speed = 30;
const minuteMs = 60_000;
/** Whole minutes that are compared: from 00:58 to 01:01. */
const minutes = 4;

/** Entries with all that a table says of an entry, each noted by the name behind the script. */
function table(note: string): string {
  return String.raw`# Written by hand
* * * * * root ${note} bare
MAILTO=""
A="  kept  "
B = it's # no comment
BRACE=${'${HOME}'}
my-var=dashes
*/2 * * * * root ${note} backslashes 'a\\b' 'c\d' 'e\%f'%one\%%two\\%
58,59 0 * * * root ${note} times && echo done  # said
SHELL=/bin/bash
PATH=/usr/local/bin:/usr/bin:/bin
HOME=/tmp
* 0-1 2 * mon root [[ a == a ]] && ${note} bash "$HOME"
0 1 * * * root cd /usr && ${note} folder
`;
}

test('What the real cron starts from a table it starts from the adopted jobs, with the same of everything', {
  skip: skipWithout(canMakeFastWorld(), 'Debian’s cron, unshare(1) and libfaketime as root'),
  timeout: 180_000,
}, async (t) => {
  const home = directory(t);
  const world = await makeFastWorld(t, home, { zone: 'UTC', start, speed });
  const note = writeFile(home, 'note', noteScript(home), 0o755);
  writeFile(join(home, 'etc/cron.d'), 'notes', table(note));

  const before = await observed(world, home, minutes);
  assert.ok(before.length >= 13, JSON.stringify(before));

  await done(world, 'adopt', '--from', '/etc/cron.d/notes', '--write', '--file', '/etc/cronwright/jobs.yaml');
  await done(world, 'sync', '--yes', '--file', '/etc/cronwright/jobs.yaml');
  const left = readFileSync(join(home, 'etc/cron.d/notes'), 'utf8');
  assert.ok(!left.includes(note), left);
  assert.deepEqual(await observed(world, home, minutes), before, world.complaints());
});

function directory(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'cronwright-adopted-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function done(world: FastWorld, ...words: string[]): Promise<void> {
  const { status, out, err } = await world.cronwright(...words);
  assert.equal(status, 0, `${words.join(' ')}: ${out}${err}`);
}

/** One file for each start: its words, directory, environment and input, and the minute. */
function noteScript(home: string): string {
  return `#!/bin/sh
at=$(date +%s%3N)
new=$(mktemp ${home}/new.XXXXXX)
{ echo "at=$at"; for word; do echo "word=$word"; done; pwd; tr '\\0' '\\n' </proc/$$/environ | sort; echo --; cat; } >"$new"
mv "$new" "${home}/notes/$(basename "$new")"
`;
}

/** What is noted while cron runs for so many whole minutes of its clock, in order. */
async function observed(world: FastWorld, home: string, count: number): Promise<readonly string[]> {
  const notes = join(home, 'notes');
  rmSync(notes, { recursive: true, force: true });
  mkdirSync(notes);
  rmSync(join(home, 'began'), { force: true });
  await world.startCron();
  const end = Math.ceil(start / minuteMs) * minuteMs + count * minuteMs;
  // The last starts have until the middle of the next minute to write their notes.
  const isOver = () => existsSync(join(home, 'began')) && world.now() > end + minuteMs / 2;
  await until('the minutes of its clock have passed', isOver, 60_000);
  await world.stopCron();
  const began = Number(readFileSync(join(home, 'began'), 'utf8'));
  const texts = readdirSync(notes).map((name) => readFileSync(join(notes, name), 'utf8'));
  return texts.flatMap((text) => noted(text, began, end)).sort();
}

/** A job knows its minute; what cron starts itself is started at once. */
function noted(text: string, began: number, end: number): readonly string[] {
  const at = start + (Number(/^at=(\d+)$/m.exec(text)?.[1]) - began) * speed;
  const slot = /^CRONWRIGHT_SLOT=(.*)$/m.exec(text)?.[1];
  const minute = slot === undefined ? Math.floor(at / minuteMs) * minuteMs : Date.parse(slot);
  if (minute >= end) return [];
  const lines = text.split('\n').filter((line) => !/^(?:at|CRONWRIGHT_\w+|USER|_|SHLVL|PWD|OLDPWD)=/.test(line));
  return [`${new Date(minute).toISOString()} ${lines.join('\n')}`];
}
