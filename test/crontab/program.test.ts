import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { type ProgramResult, programFailure, runProgram } from '../../src/crontab/program.ts';
import { isAlive, until } from '../run/rig.ts';
import { stub } from './rig.ts';

const timeout = 20_000;
const sh = (script: string) => ['/bin/sh', '-c', script] as const;

describe('a system program', () => {
  it('gives back its output and status as they are', async () => {
    const result = await runProgram(sh('cat; echo >&2 problem; exit 3'), {
      timeout,
      input: Buffer.from([0xff, 0, 0x0a, 0x0a]),
    });
    assert.deepEqual(result, {
      kind: 'exited',
      status: 3,
      stdout: Buffer.from([0xff, 0, 0x0a, 0x0a]),
      stderr: Buffer.from('problem\n'),
    });
  });

  it('finds nothing on standard input unless it is given something', async () => {
    assert.deepEqual((await runProgram(['cat'], { timeout })).stdout, Buffer.alloc(0));
  });

  it('need not read what it is given', async () => {
    const result = await runProgram(['true'], { timeout, input: Buffer.alloc(1_000_000) });
    assert.deepEqual([result.kind, programFailure(result)], ['exited', undefined]);
  });

  it('sees the variables of this process and those that it is given, or these alone', async () => {
    const script = sh('echo "$PATH,$LC_ALL"');
    const [beside, alone] = await Promise.all([
      runProgram(script, { timeout, env: { LC_ALL: 'C' } }),
      runProgram(script, { timeout, env: { LC_ALL: 'C', PATH: '/bin' }, bare: true }),
    ]);
    assert.equal(beside.stdout.toString(), `${process.env.PATH},C\n`);
    assert.equal(alone.stdout.toString(), '/bin,C\n');
  });

  it('that hangs is killed with all that it started, although that ignores TERM and holds the pipes', async (t) => {
    const { program, store } = stub(t, `trap '' TERM; echo half; sleep 600 & echo $! >"$store"; wait; wait`);
    const result = await runProgram([program], { timeout: 300 });
    assert.deepEqual([result.kind, result.stdout.toString()], ['timed-out', 'half\n']);
    const child = Number(readFileSync(store, 'utf8'));
    await until('the child is gone', () => !isAlive(child));
  });
});

describe('the failure of a system program', () => {
  const cases: readonly (readonly [what: string, argv: readonly [string, ...string[]], failure: string])[] = [
    ['is its status and what it said', sh('echo >&2 no; echo >&2 way; exit 2'), 'ended with status 2: no\nway'],
    ['may be without a word', ['false'], 'ended with status 1 and said nothing'],
    ['is the signal that killed it', sh('kill -SEGV $$'), 'was killed by SIGSEGV and said nothing'],
    ['is that it is not there', ['/nowhere/crontab'], 'was not found'],
    ['is that it may not be executed', ['/etc/passwd'], 'could not be started (EACCES)'],
    ['is that it writes without end', ['yes'], 'wrote more than 16 MiB'],
  ];
  for (const [what, argv, failure] of cases) {
    it(what, async () => assert.equal(programFailure(await runProgram(argv, { timeout })), failure));
  }

  it('is that it did not end', () => {
    const empty = Buffer.alloc(0);
    const result: ProgramResult = {
      kind: 'timed-out',
      timeout: 1_500,
      stdout: empty,
      stderr: Buffer.from('waiting\n'),
    };
    assert.equal(programFailure(result), 'did not end within 1.5 s and was killed: waiting');
  });

  it('does not repeat a flood', async () => {
    const result = await runProgram(sh('yes warning | head -c 100000 >&2; echo >&2 the cause; exit 1'), { timeout });
    const failure = programFailure(result) ?? '';
    assert.ok(failure.length < 1_100 && failure.endsWith('the cause'), failure);
  });
});
