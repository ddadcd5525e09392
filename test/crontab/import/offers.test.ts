import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { gnuDuration } from '../../../src/crontab/import/gnu-duration.ts';
import { adoptable, entriesOf, fixture } from './rig.ts';

type Shown = readonly (readonly [settings: object, command: unknown])[];

function offersIn(table: string | Buffer): readonly Shown[] {
  return entriesOf(table).map((entry) => adoptable(entry).offers.map(({ settings, command }) => [settings, command]));
}

test('flock is offered as overlap where it guards one job alone', () => {
  const skip = { overlap: 'skip' };
  assert.deepEqual(offersIn(fixture('user/flock')), [
    [[skip, '/srv/a']],
    [[skip, '/srv/b --one && /srv/b --two']],
    [[{ overlap: 'wait', 'wait-up-to': '30s' }, '/srv/c >> /var/log/c.log 2>&1']],
    [[{ overlap: 'wait', 'wait-up-to': '366d' }, 'nice -n 10 /srv/d "two words"']],
    [[skip, 'cd /srv && ./e']],
    // It guards the first of two commands, is shared with others, or its file is known to the shell alone.
    [],
    [],
    [],
    [],
    [],
  ]);
});

test('timeout is offered as timeout and grace where its signal is one of theirs', () => {
  assert.deepEqual(offersIn(fixture('user/timeout')), [
    [[{ timeout: '5m' }, '/srv/a']],
    [[{ timeout: '90m', grace: '10s' }, '/srv/b']],
    [[{ timeout: '30s', grace: 0 }, '/srv/c']],
    [],
    [[{ timeout: '2h', grace: '1m' }, '/srv/e x > /dev/null']],
    [],
    [],
  ]);
});

test('Of two wrappers the outer one comes first, and the second command is without both', () => {
  assert.deepEqual(offersIn(fixture('user/flock-and-timeout')), [
    [
      [{ overlap: 'skip' }, 'timeout 4m /srv/a'],
      [{ timeout: '4m' }, '/srv/a'],
    ],
    [
      [{ timeout: '240s' }, 'flock -w 5 /tmp/b.lock /srv/b'],
      [{ overlap: 'wait', 'wait-up-to': '5s' }, '/srv/b'],
    ],
    [[{ overlap: 'skip' }, "TZ=UTC /bin/sh -c 'timeout 60 /srv/c' > /dev/null"]],
  ]);
});

test('The words of an offer are those of the entry', () => {
  const [entry] = entriesOf('0 1 * * * cd /srv && FOO=1 /usr/bin/flock -xn "/tmp/a b.lock" ./x\n').map(adoptable);
  assert.deepEqual(
    entry?.offers.map(({ found, command }) => [found, command]),
    [['/usr/bin/flock -xn "/tmp/a b.lock"', 'cd /srv && FOO=1 ./x']],
  );
});

test('With another shell the command of an offer is for that shell', () => {
  const [, entry] = entriesOf('SHELL=/bin/bash\n0 1 * * * timeout 5 x\n0 2 * * * timeout 5 y\n').map(adoptable);
  assert.deepEqual(entry?.offers[0]?.command, ['/bin/bash', '-c', 'y']);
});

test('A command without its wrappers does what it did', () => {
  for (const command of [
    `flock -n /dev/null printf '%s,' "a b" 'c"d' e\\ f`,
    `timeout 5 printf '%s,' "$HOME" '$HOME'`,
    `flock -n /dev/null -c 'printf "%s," "a b"; printf x'`,
    `cd / && timeout -k 1 5 sh -c 'pwd; printf "%s" "$0"' zero`,
  ]) {
    const [entry] = entriesOf(`0 1 * * * ${command.replaceAll('\\', '\\\\').replaceAll('%', '\\%')}\n`).map(adoptable);
    assert.equal(entry?.draft.command, command);
    const without = entry.offers.at(-1)?.command;
    assert.ok(typeof without === 'string' && without !== command);
    const output = (text: string) => spawnSync('/bin/sh', ['-c', text], { encoding: 'utf8' }).stdout;
    assert.equal(output(without), output(command));
  }
});

test('Times of timeout(1) are written as a jobs file writes them', () => {
  const times = [
    ['30', '30s'],
    ['1.5h', '90m'],
    ['0.5', '500ms'],
    ['1d', '1d'],
    ['.5m', '30s'],
    ['0', 0],
    ['400d', undefined],
    ['-1', undefined],
    ['5x', undefined],
  ] as const;
  for (const [text, written] of times) assert.equal(gnuDuration(text), written, text);
});
