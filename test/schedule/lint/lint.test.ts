import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { lintCodes } from '../../../src/schedule/lint/case.ts';
import { readTimetable } from '../../../src/schedule/timetable.ts';
import { namedZone } from '../../../src/schedule/zone/zone.ts';
import { githubAnnotations } from '../../../src/terminal/github.ts';
import { sarifLog } from '../../../src/terminal/sarif.ts';
import { codeBlocks, pageText, quoted, root, tableAfter } from '../../docs/page.ts';
import { builtProgram, run } from '../../e2e/program.ts';
import { temporaryDirectory, writeFile } from '../../temporary.ts';
import { codes, findings, now, ofJob } from './rig.ts';

const directory = temporaryDirectory();
const present = { at: now, zone: namedZone('Europe/Berlin') };

describe('the findings of a file', () => {
  it('are warnings, and leave it valid', () => {
    const file = writeFile(directory, 'valid.yaml', 'version: 1\njobs: { a: { schedule: "* 3 * * *", command: a } }\n');
    const { project, problems } = readTimetable(file, present);
    assert.equal(project?.jobs.length, 1);
    assert.deepEqual(
      problems.map(({ severity }) => severity),
      ['warning'],
    );
    assert.deepEqual(readTimetable(file).problems, []);
  });

  it('stand beside the errors of other jobs, in the order of the lines', () => {
    const text = [
      'jobs:',
      '  a: { schedule: "* 3 * * *", command: a }',
      '  b: { schedule: "22-2 * * * *", command: b }',
      '  c: { schedule: ["0 0 31 * *", "0 0 32 * *"], command: c }',
      '  d: { schedule: "0 0 13 * 5", command: d, timezone: Mars/Phobos }',
      '  e: { schedule: "*/7 * * * *", command: e }',
      '',
    ];
    const expected = ['every-minute', 'schedule-order', 'schedule-range', 'unknown-zone', 'uneven-step'];
    assert.deepEqual(codes(findings(directory, text.join('\n'))), expected);
  });

  it('are at their places in included files, each file after the one that includes it', () => {
    writeFile(directory, 'part.yaml', 'jobs:\n  b: { schedule: "*/7 * * * *", command: b }\n');
    const text =
      'version: 1\ninclude: part.yaml\ndefaults: { timeout: 30m }\njobs:\n  a: { schedule: "* 3 * * *", command: a }\n';
    const { problems } = readTimetable(writeFile(directory, 'whole.yaml', text), present);
    assert.deepEqual(
      problems.map(({ file, line, code }) => `${file.replace(/.*\//, '')}:${line} ${code}`),
      ['whole.yaml:3 timeout-overlap', 'whole.yaml:5 every-minute', 'part.yaml:2 uneven-step'],
    );
    assert.match(problems[0]?.message ?? '', /the like holds for b$/);
  });

  it('are those of an expression that several jobs have through an alias once', () => {
    const text = 'jobs:\n  a: { schedule: &s "* 3 * * *", command: a }\n  b: { schedule: *s, command: b }\n';
    const [only, ...rest] = findings(directory, text);
    assert.deepEqual(rest, []);
    assert.match(only?.message ?? '', /; the like holds for b$/);
  });

  it('are not more of a kind than anybody reads', () => {
    const jobs = Array.from({ length: 25 }, (_, n) => `  j${n}: { schedule: "* ${n % 24} * * *", command: a }\n`);
    const found = findings(directory, `jobs:\n${jobs.join('')}`);
    assert.equal(found.length, 20);
    assert.match(found.at(-1)?.message ?? '', / \(every-minute at 5 more places, not shown\)$/);
  });

  it('are in the logs and annotations of others', () => {
    const file = writeFile(directory, 'log.yaml', 'version: 1\njobs: { a: { schedule: "* 3 * * *", command: a } }\n');
    const { problems } = readTimetable(file, present);
    assert.match(
      githubAnnotations(problems),
      /^::warning file=.*,line=2,col=25,endColumn=28,title=every-minute::found \*/,
    );
    const log = JSON.stringify(sarifLog(problems, '1.0'));
    assert.match(log, /"ruleId":"every-minute","ruleIndex":0,"level":"warning"/);
  });
});

describe('the name of a time zone', () => {
  it('is an error where there is none, at each place, with the one that is meant', () => {
    const text = [
      'timezone: Europe/Berln',
      'defaults: { timezone: tokyo }',
      'jobs:',
      '  a: { schedule: daily, command: a, timezone: Europe/Berln }',
      '  b: { schedule: daily, command: b, timezone: 7 }',
      '  c: { schedule: daily, command: c, timezone: Europe Berlin }',
      '',
    ];
    assert.deepEqual(findings(directory, text.join('\n')), [
      { where: '2: Europe/Berln unknown-zone', message: unknown('Europe/Berln'), hint: 'did you mean Europe/Berlin?' },
      { where: '3: tokyo unknown-zone', message: unknown('tokyo'), hint: 'did you mean Asia/Tokyo?' },
      { where: '5: Europe/Berln unknown-zone', message: unknown('Europe/Berln'), hint: 'did you mean Europe/Berlin?' },
      { where: '6: 7 invalid-value', message: 'found 7, expected a time zone such as Europe/Berlin', hint: undefined },
      {
        where: '7: Europe Berlin invalid-value',
        message: 'found "Europe Berlin", expected a time zone such as Europe/Berlin',
        hint: undefined,
      },
    ]);
  });

  it('keeps a file from being installed', () => {
    const text = 'version: 1\njobs: { a: { schedule: daily, command: a, timezone: Nowhere } }\n';
    const { project, problems } = readTimetable(writeFile(directory, 'nowhere.yaml', text));
    assert.equal(project, undefined);
    assert.deepEqual(
      problems.map(({ code, severity }) => [code, severity]),
      [['unknown-zone', 'error']],
    );
  });
});

function unknown(name: string): string {
  return `there is no time zone "${name}"`;
}

describe('the examples of jobs files', () => {
  const pages = ['README.md', 'docs/jobs-file.md', 'docs/tasks.md', 'docs/schedules.md', 'docs/operations.md'];
  const blocks = pages.flatMap((page) => codeBlocks(pageText(page), 'yaml').map((text) => [page, text] as const));
  const files = ['jobs.example.yaml', 'docs/examples/jobs.yaml'].map((path) => [path, pageText(path)] as const);

  it('are free of findings, on a host in Berlin too', () => {
    const whole = [...files, ...blocks].filter(([, text]) => /^version: 1$/m.test(text));
    assert.ok(whole.length >= 4);
    for (const [index, [page, text]] of whole.entries()) {
      const file = writeFile(directory, `example-${index}.yaml`, text);
      assert.deepEqual(readTimetable(file, present).problems, [], page);
    }
  });
});

describe('the page on schedules', () => {
  const rows = tableAfter(pageText('docs/schedules.md'), '## What `validate` warns of');

  it('has each code once, with an example that has it', () => {
    const listed = rows.map(([code = '']) => quoted(code)[0]);
    assert.deepEqual(listed.toSorted(), [...lintCodes].toSorted());
  });

  it('has examples of schedules that are found', () => {
    const examples = rows.filter(([, example = '']) => /^ (?:`[^`]+`(?:, |\s*$))+$/.test(example));
    assert.ok(examples.length >= 12);
    for (const [code = '', example = ''] of examples) {
      const [schedule = '', ...settings] = quoted(example);
      const found = ofJob(directory, schedule, settings.join(', '));
      assert.ok(codes(found).includes(quoted(code)[0] ?? ''), schedule);
    }
  });
});

describe('the program', () => {
  const launcher = builtProgram();

  it('shows findings in all formats and ends with 0', async () => {
    const file = 'version: 1\njobs: { a: { schedule: "* 3 * * *", command: "true" } }\n';
    const path = writeFile(directory, 'program.yaml', file);
    for (const [format, shown] of [
      ['human', /warning every-minute[\s\S]*valid: 1 job, 1 warning\n$/],
      ['json', /"severity": "warning",\s*"code": "every-minute"/],
      ['github', /^::warning file=/],
      ['sarif', /"level": "warning"/],
    ] as const) {
      const { status, out, err } = await run([launcher, 'validate', path, '--format', format], { cwd: root });
      assert.deepEqual([status, err], [0, ''], format);
      assert.match(out, shown);
    }
  });

  it('finds nothing in the file that it starts with', async () => {
    const path = join(directory, 'starter.yaml');
    assert.equal((await run([launcher, 'init', path], { cwd: root })).status, 0);
    assert.match((await run([launcher, 'validate', path], { cwd: root })).out, /^valid: 1 job\n$/);
  });
});
