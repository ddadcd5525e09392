import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { githubAnnotations } from '../../src/terminal/github.ts';
import { newDecoders, outputViews, runView } from '../../src/terminal/run-view.ts';
import { sarifLog } from '../../src/terminal/sarif.ts';
import { humanVoice, jsonVoice } from '../../src/terminal/voice.ts';
import { pageOf, problem } from './samples.ts';

interface Located {
  readonly physicalLocation: { readonly artifactLocation: { readonly uri: string }; readonly region: object };
}

interface Log {
  readonly runs: readonly [
    { readonly results: readonly { readonly ruleIndex: number; readonly locations: readonly [Located] }[] },
  ];
}

suite('problems for GitHub', () => {
  test('are one command for each, with its place', () => {
    const text = githubAnnotations([problem(), problem({ severity: 'warning', hint: undefined, code: 'rare' })]);
    assert.deepEqual(text.split('\n'), [
      '::error file=jobs.yaml,line=12,col=5,endColumn=12,title=unknown-key::found the key comand, expected one of command, schedule, description (did you mean command?)',
      '::warning file=jobs.yaml,line=12,col=5,endColumn=12,title=rare::found the key comand, expected one of command, schedule, description',
    ]);
  });

  test('cannot break out of their command: what ends a property or a line is written by its number', () => {
    const text = githubAnnotations([
      problem({ file: 'a,b:c%d\n.yaml', message: '100%, with\r\na line: end', hint: '::set-output name=x::y' }),
    ]);
    assert.equal(
      text,
      '::error file=a%2Cb%3Ac%25d%0A.yaml,line=12,col=5,endColumn=12,title=unknown-key::100%25, with%0D%0Aa line: end (::set-output name=x::y)',
    );
  });
});

suite('problems as SARIF', () => {
  const place = (file: string) => {
    const log = sarifLog([problem({ file })], '1.0') as Log;
    return log.runs[0].results[0]?.locations[0].physicalLocation.artifactLocation.uri;
  };

  test('name each rule once, and their places count from one, the end being behind the last character', () => {
    const log = sarifLog([problem(), problem({ code: 'other' }), problem()], '1.0') as Log;
    assert.deepEqual(
      log.runs[0].results.map(({ ruleIndex }) => ruleIndex),
      [0, 1, 0],
    );
    assert.deepEqual(log.runs[0].results[0]?.locations[0].physicalLocation.region, {
      startLine: 12,
      startColumn: 5,
      endColumn: 12,
      snippet: { text: '    comand: php cleanup.php' },
    });
  });

  test('name files by URIs: relative ones stay so, and no character means another', () => {
    assert.equal(place('conf/my jobs#1?.yaml'), 'conf/my%20jobs%231%3F.yaml');
    assert.equal(place('../jobs.yaml'), '../jobs.yaml');
    assert.equal(place('/etc/my jobs.yaml'), 'file:///etc/my%20jobs.yaml');
    assert.equal(place('/etc/50%.yaml'), 'file:///etc/50%25.yaml');
  });
});

suite('the two voices', () => {
  function spoken() {
    const said: string[] = [];
    return { write: (text: string) => void said.push(text), said };
  }

  test('show the same view to a person, ending in one line end, and to a program as JSON', () => {
    const human = spoken();
    const voice = humanVoice(human.write, pageOf());
    voice.show({ a: 1 }, ({ a }, { width }) => `a is ${a} of ${width}\n`);
    voice.remark('done');
    assert.deepEqual(human.said, ['a is 1 of 80\n', 'done\n']);
    const json = spoken();
    const program = jsonVoice(json.write);
    program.show({ a: 1, b: undefined }, () => 'never drawn');
    program.show([], () => 'never drawn');
    program.remark('never said');
    assert.deepEqual(json.said, ['{\n  "a": 1,\n  "b": null\n}\n', '[]\n']);
  });
});

suite('views of a run', () => {
  const format = (instant: number) => `at ${instant}`;

  test('have no duration while it goes on', () => {
    const run = {
      run: 'one',
      job: 'shop/backup' as never,
      revision: 1,
      slot: null,
      trigger: 'manual',
      state: 'running',
      attempts: 1,
      startedAt: 10,
      endedAt: null,
      exitCode: null,
      signal: null,
      reason: null,
      cpuMs: null,
      peakMemory: null,
      stdoutBytes: 0,
      stderrBytes: 0,
      cancelBy: null,
      retryAt: null,
      retryAttempt: null,
      continues: null,
      progress: null,
      firstSlot: null,
      slots: 1,
    } as const;
    const view = runView(run, format);
    assert.deepEqual([view.startedAt, view.endedAt, view.durationMs, view.slot], ['at 10', null, null, null]);
    const ended = runView({ ...run, endedAt: 25, slot: 5 }, format);
    assert.deepEqual([ended.endedAt, ended.durationMs, ended.slot], ['at 25', 15, 'at 5']);
  });

  test('put a character together that came in two pieces, each stream by itself', () => {
    const owl = Buffer.from('🦉');
    const pieces = [
      { seq: 1, attempt: 1, stream: 'stdout', at: 1, bytes: owl.subarray(0, 2) },
      { seq: 2, attempt: 1, stream: 'stderr', at: 1, bytes: Buffer.from('x') },
      { seq: 3, attempt: 1, stream: 'stdout', at: 1, bytes: owl.subarray(2) },
    ] as const;
    const texts = outputViews(pieces, format, newDecoders()).map(({ text }) => text);
    assert.deepEqual(texts, ['', 'x', '🦉']);
  });
});
