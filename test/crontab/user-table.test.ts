import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { describe, it } from 'node:test';
import { TableChanged } from '../../src/crontab/table.ts';
import { userTable } from '../../src/crontab/user-table.ts';
import { exitStatus, UserError } from '../../src/errors.ts';
import { MovedClock } from '../moved-clock.ts';
import { honest, stub } from './rig.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const none = Buffer.alloc(0);
const old = bytes('0 1 * * * old\n');
const next = bytes('0 1 * * * next\n');

function refusal(message: RegExp, exit: number = exitStatus.failed) {
  return (error: unknown) => {
    assert.ok(error instanceof UserError, String(error));
    assert.match(error.message, message);
    assert.equal(error.exit, exit);
    return true;
  };
}

describe('reading the table of a user', () => {
  const empty: readonly (readonly [what: string, script: string])[] = [
    ['Debian and cronie', 'echo "no crontab for tester" >&2; exit 1'],
    ['FreeBSD and macOS', 'echo "crontab: no crontab for tester" >&2; exit 1'],
    ['bcron', 'echo "bcrontab: Fatal: Crontab does not exist" >&2; exit 111'],
    ['BusyBox', `echo "crontab: can't open '$(id -un)': No such file or directory" >&2; exit 1`],
  ];
  for (const [what, script] of empty) {
    it(`finds it empty at the word of ${what} that there is none`, async (t) => {
      assert.deepEqual(await userTable({ program: stub(t, script).program }).read(), none);
    });
  }

  it('gives its bytes as they are', async (t) => {
    const table = bytes('A=1\r\n\n# \xff\xfe\t\n* * * * * x');
    const { program, store } = stub(t, honest);
    writeFileSync(store, table);
    assert.deepEqual(await userTable({ program }).read(), table);
  });

  it('asks in a language that it understands', async (t) => {
    const { program } = stub(t, 'test "$LC_ALL" = C && echo "no crontab for tester" >&2; exit 1');
    assert.deepEqual(await userTable({ program }).read(), none);
  });

  const failures: readonly (readonly [what: string, script: string, message: RegExp])[] = [
    [
      'says something else',
      'echo "cannot open spool" >&2; exit 1',
      /crontab -l ended with status 1: cannot open spool$/,
    ],
    [
      'has no file of another user',
      `echo "crontab: can't open 'tester': No such file or directory" >&2; exit 1`,
      /can't open 'tester'/,
    ],
    ['says nothing', 'exit 1', /crontab -l ended with status 1 and said nothing$/],
    ['has another status', 'echo "no crontab for tester" >&2; exit 2', /ended with status 2: no crontab for tester$/],
    ['says more than that', 'echo "warning: no crontab for tester" >&2; exit 1', /status 1: warning: no crontab/],
    [
      'has printed half',
      'echo "* * * * * x"; echo "no crontab for tester" >&2; exit 1',
      /status 1: no crontab for tester$/,
    ],
    ['dies', 'echo "* * * * * x"; kill -9 $$', /was killed by SIGKILL and said nothing$/],
  ];
  for (const [what, script, message] of failures) {
    it(`fails where the program ${what}`, async (t) => {
      await assert.rejects(userTable({ program: stub(t, script).program }).read(), refusal(message));
    });
  }

  it('fails where the program hangs, prints half and waits', async (t) => {
    const { program } = stub(t, 'echo "* * * * * x"; exec sleep 600');
    await assert.rejects(userTable({ program, timeout: 200 }).read(), refusal(/crontab -l did not end within 0\.2 s/));
  });

  it('fails where there is no program, and says what brings it', async () => {
    await assert.rejects(userTable({ program: '/nowhere/crontab' }).read(), (error) => {
      assert.ok(error instanceof UserError);
      assert.equal(error.message, 'cannot read the crontab: crontab -l was not found');
      assert.match(error.hint ?? '', /install cron/);
      return true;
    });
  });

  it('is not allowed where cron.deny says so', async (t) => {
    const { program } = stub(t, 'echo "You (tester) are not allowed to use this program (crontab)" >&2; exit 1');
    await assert.rejects(userTable({ program }).read(), refusal(/not allowed/, exitStatus.denied));
  });

  it('fails where carriage returns cannot be told from text', async (t) => {
    const { program, store } = stub(t, honest.replace('$VISUAL "$store"', 'exit 1'));
    writeFileSync(store, "* * * * * printf 'a\\r'\n");
    await assert.rejects(
      userTable({ program }).read(),
      refusal(/shows carriage returns and backspaces as \\r and \\b/),
    );
  });
});

describe('writing the table of a user', () => {
  const allowed = { expected: old };

  it('stores it, and removes it with its last byte', async (t) => {
    const { program, store } = stub(t, honest);
    const table = userTable({ program });
    await table.write(old, { expected: none });
    assert.deepEqual(readFileSync(store), old);
    await table.write(next, allowed);
    assert.deepEqual(await table.read(), next);
    await table.write(none, { expected: next, allowEmpty: true });
    assert.ok(!existsSync(store));
    assert.deepEqual(await table.read(), none);
  });

  it('is given as a file that nobody else can read where the program takes nothing from its input', async (t) => {
    const { program, store } = stub(
      t,
      `case "$1" in -V) echo "usage: bcrontab [flags] file" >&2; exit 1 ;; -) exit 1 ;;
      -*) ;; *) stat -c %a "$1" >"$store.mode"; echo "$1" >"$store.path"; cat "$1" >"$store" ;; esac\n${honest}`,
    );
    await userTable({ program }).write(old, { expected: none });
    assert.deepEqual(readFileSync(store), old);
    assert.equal(readFileSync(`${store}.mode`, 'utf8'), '600\n');
    assert.equal(existsSync(readFileSync(`${store}.path`, 'utf8').trim()), false);
  });

  it('is not done where nothing changes', async (t) => {
    const { program, store } = stub(t, honest.replace('cat >"$store"', 'exit 1').replace('rm "$store"', 'exit 1'));
    await userTable({ program }).write(none, { expected: none });
    writeFileSync(store, old);
    await userTable({ program }).write(old, allowed);
  });

  it('is refused over a change of somebody else and of nothing over something', async (t) => {
    const { program, store } = stub(t, honest);
    writeFileSync(store, old);
    const table = userTable({ program });
    const overtaken = refusal(/target user has changed since it was read/);
    await assert.rejects(table.write(next, { expected: none }), overtaken);
    await assert.rejects(table.write(next, { expected: none }), TableChanged);
    await assert.rejects(table.write(none, allowed), refusal(/an empty table would take the place of 1 lines/));
    assert.deepEqual(readFileSync(store), old);
  });

  it('waits for the next second after the last write that is known', async (t) => {
    const { program, store } = stub(t, honest);
    writeFileSync(store, old);
    const clock = new MovedClock('2026-03-04T05:06:07.999Z');
    const write = userTable({ program, clock }).write(next, { ...allowed, lastWrite: clock.now() - 900 });
    await clock.untilAsleep();
    assert.deepEqual(readFileSync(store), old);
    clock.move(100);
    await write;
    assert.deepEqual(readFileSync(store), next);
  });

  const failures: readonly (readonly [what: string, store: string, message: RegExp])[] = [
    [
      'refuses it',
      'echo "\\"-\\":1: bad minute" >&2; exit 1',
      /crontab ended with status 1: "-":1: bad minute; the table is as it was$/,
    ],
    ['dies', 'kill -9 $$', /crontab was killed by SIGKILL and said nothing; the table is as it was$/],
    [
      'dies with half of it stored',
      'head -c 5 >"$store"; kill -9 $$',
      /; the table may have changed, look at crontab -l$/,
    ],
    [
      'does not store it',
      'cat >/dev/null',
      /did not store it as it was given, first in line 1: "0 1 \* \* \* next" was expected, "0 1 \* \* \* old" was found; the table is as it was$/,
    ],
    [
      'stores something else',
      'tr x y >"$store"',
      /did not store it as it was given, .*"0 1 \* \* \* neyt" was found; the table may/,
    ],
    ['stores nothing', 'rm "$store"', /did not store it as it was given, .*"" was found; the table may have changed/],
    [
      'stores half of it once',
      'if [ -e "$store.half" ]; then cat >"$store"; else head -c 5 | tee "$store" >"$store.half"; fi',
      /did not store it as it was given, .*"0 1 \*" was found; the table is as it was$/,
    ],
  ];
  for (const [what, body, message] of failures) {
    it(`fails where the program ${what}`, async (t) => {
      const { program, store } = stub(
        t,
        honest.replace('cat >"$store"', () => body),
      );
      writeFileSync(store, old);
      await assert.rejects(userTable({ program }).write(next, allowed), refusal(message));
    });
  }

  it('fails where the program hangs', async (t) => {
    const { program, store } = stub(t, honest.replace('cat >"$store"', 'exec sleep 600'));
    writeFileSync(store, old);
    const write = userTable({ program, timeout: 500 }).write(next, allowed);
    await assert.rejects(
      write,
      refusal(/crontab did not end within 0\.5 s and was killed and said nothing; the table is as/),
    );
  });

  it('stops at a table that can no longer be read, and writes nothing', async (t) => {
    const script = honest.replace('cat "$store" 2>/dev/null || {', '{ echo "disk error" >&2; exit 1; } || {');
    const { program, store } = stub(t, script);
    writeFileSync(store, old);
    await assert.rejects(
      userTable({ program }).write(next, allowed),
      refusal(/crontab -l ended with status 1: disk error/),
    );
    assert.deepEqual(readFileSync(store), old);
  });
});

describe('the table of another user', () => {
  /** It notes what it is called with, and then does without. */
  const noting = `echo "$*" >>"$store.calls"; if [ "$1" = -u ]; then shift 2; fi\n${honest}`;

  it('is asked for by its name, and so is shown how to look at it', async (t) => {
    const { program, store } = stub(
      t,
      `${noting}\nif [ "$1" = - ]; then tr 0 1 <"$store" >"$store.x" && mv "$store.x" "$store"; fi`,
    );
    const table = userTable({ program, user: 'www-data', label: 'user:www-data' });
    assert.equal(table.label, 'user:www-data');
    await assert.rejects(table.write(next, { expected: none }), (error) => {
      assert.ok(error instanceof UserError);
      assert.equal(error.hint, 'look at crontab -u www-data -l and put it right before the next sync');
      return true;
    });
    const calls = readFileSync(`${store}.calls`, 'utf8').trim().split('\n');
    assert.deepEqual(calls, ['-u www-data -l', '-V -l', '-u www-data -', '-u www-data -l']);
  });

  it('is the own one where the name is the own, without the option that some systems refuse', async (t) => {
    const { program, store } = stub(t, noting);
    await userTable({ program, user: userInfo().username }).write(next, { expected: none });
    assert.deepEqual(readFileSync(`${store}.calls`, 'utf8').trim().split('\n'), ['-l', '-V -l', '-', '-l']);
  });
});
