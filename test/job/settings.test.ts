import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { type Settings, usualSettings } from '../../src/job/completed.ts';
import type { Job } from '../../src/job/job.ts';
import { loadJobs } from '../../src/job/load.ts';
import { temporaryDirectory, writeFile } from '../temporary.ts';

const directory = temporaryDirectory();

function load(content: string, name = 'jobs.yaml') {
  return loadJobs(writeFile(directory, name, `version: 1\n${content}`));
}

/** The only job of a file of which this is said besides schedule and command. */
function jobOf(lines: string, defaults = ''): Job {
  const { project, problems } = load(`${defaults}jobs:\n  a: { schedule: "@daily", command: a, ${lines} }\n`);
  assert.deepEqual(problems, [], lines);
  const [job] = project?.jobs ?? [];
  assert.ok(job);
  return job;
}

/** What is found in a file, in the words that people read. */
function found(content: string): readonly string[] {
  return load(content).problems.map(({ line, column, length, source, severity, code, message, hint }) => {
    const marked = source.slice(column - 1, column - 1 + length);
    return `${severity} ${line} ${marked} | ${code} | ${message} | ${hint}`;
  });
}

const rotation = usualSettings.output.rotate;
const { output, failWhen } = usualSettings;

suite('a setting', () => {
  const accepted: readonly (readonly [written: string, meant: Partial<Settings>])[] = [
    ['user: www-data', { user: 'www-data' }],
    ['user: "SHOP\\\\jane.doe"', { user: 'SHOP\\jane.doe' }],
    ['user: 3com', { user: '3com' }],
    ['user: machine$', { user: 'machine$' }],
    ['umask: "0027"', { umask: 0o27 }],
    ["umask: '77'", { umask: 0o77 }],
    ['umask: "0"', { umask: 0 }],
    ['umask: "777"', { umask: 0o777 }],
    ['nice: -20', { nice: -20 }],
    ['nice: 19', { nice: 19 }],
    ['stdin: "one\\ntwo\\n"', { stdin: { kind: 'text', text: 'one\ntwo\n' } }],
    ['stdin: ""', { stdin: { kind: 'empty' } }],
    ['stdin: { file: in/list.txt }', { stdin: { kind: 'file', path: join(directory, 'in/list.txt') } }],
    ['stdin: { file: /etc/motd }', { stdin: { kind: 'file', path: '/etc/motd' } }],
    ['overlap: skip', { overlap: 'skip' }],
    ['overlap: replace', { overlap: 'replace' }],
    ['overlap: allow', { overlap: 'allow' }],
    ['overlap: wait', { overlap: 'wait', waitUpTo: 3_600_000 }],
    ['overlap: wait, wait-up-to: 1h30m', { overlap: 'wait', waitUpTo: 5_400_000 }],
    ['overlap: wait, wait-up-to: 366d', { overlap: 'wait', waitUpTo: 366 * 86_400_000 }],
    ['success-exit: [0, 24]', { successExit: [0, 24] }],
    ['success-exit: [255]', { successExit: [255] }],
    ['fail-when: { stderr: true }', { failWhen: { stderr: true, outputMatches: '' } }],
    ['fail-when: { output-matches: "ERROR|FATAL" }', { failWhen: { stderr: false, outputMatches: 'ERROR|FATAL' } }],
    ['fail-when: { output-matches: "" }', { failWhen }],
    ['fail-when: {}', { failWhen }],
    ['output: { keep: 1KiB }', { output: { ...output, keep: 1024 } }],
    ['output: { keep: 16M }', { output: { ...output, keep: 16 * 1024 * 1024 } }],
    ['output: { file: logs/a.log }', { output: { ...output, file: join(directory, 'logs/a.log') } }],
    ['output: { file: "" }', { output }],
    [
      'output: { file: /a, rotate: { size: 1GiB, keep: 100 } }',
      { output: { ...output, file: '/a', rotate: { size: 1024 ** 3, keep: 100 } } },
    ],
    [
      'output: { file: /a, rotate: { keep: 1 } }',
      { output: { ...output, file: '/a', rotate: { ...rotation, keep: 1 } } },
    ],
  ];
  for (const [written, meant] of accepted) {
    test(`is accepted: ${written}`, () => {
      const job = jobOf(written);
      const settings = Object.fromEntries(Object.keys(usualSettings).map((key) => [key, job[key as keyof Job]]));
      assert.deepEqual(settings, { ...usualSettings, ...meant });
    });
  }

  test('that is refused shows its place, what was found and what was expected', () => {
    const file = join(import.meta.dirname, '../fixtures/jobs/mistaken-settings.yaml');
    const { project, problems } = loadJobs(file);
    const lines = problems.map(({ line, column, length, source, message, hint }) => {
      return `${line} ${source.slice(column - 1, column - 1 + length)}: ${message}${hint ? ` → ${hint}` : ''}`;
    });
    assert.equal(project, undefined);
    assert.deepEqual(lines, [
      '4 33: found 33, expected a user name such as www-data',
      '5 27: found 27, expected octal digits in quotes, such as "0027"',
      '6 20: found 20, expected a whole number from -20 to 19',
      '7 queue: found "queue", expected skip, wait, replace or allow',
      '8 0: found 0, expected a time such as 30s, 15m or 1h30m, at most 366d and more than 0',
      '9 24: found 24, expected a list of exit statuses from 0 to 255, such as [0, 24]',
      '10 stderr: found "stderr", expected a mapping such as {stderr: true, output-matches: "ERROR|FATAL"}',
      '11 64KiB: found "64KiB", expected a mapping such as {keep: 256KiB, file: /var/log/backup.log}',
      '12 stdin: found the unknown key "stdin" → known here: owner, cwd, timeout, grace, retry, notify, user, umask, nice, overlap, wait-up-to, success-exit, fail-when, output, labels, timezone, dst, jitter, start, end, except, missed, start-deadline, late-after, warn-after',
      '17 -u root: found "-u root", expected a user name such as www-data',
      '18 "0888": found "0888", expected octal digits in quotes, such as "0027"',
      '19 2.5: found 2.5, expected a whole number from -20 to 19',
      '20 [skip: found a list, expected skip, wait, replace or allow',
      '21 400d: found "400d", expected a time such as 30s, 15m or 1h30m, at most 366d and more than 0',
      '22 success-exit: found an empty list, expected a list of exit statuses from 0 to 255, such as [0, 24]',
      '23 "always": found "always", expected true or false',
      '23 output-match: found the unknown key "output-match" → did you mean output-matches?',
      '24 17MiB: found "17MiB", expected a size from 1KiB to 16MiB, such as 256KiB or 10MiB',
      '24 7: found 7, expected a path, or "" for none',
      '24 10MB: found "10MB", expected a size from 1KiB to 1024GiB, such as 256KiB or 10MiB',
      '24 0: found 0, expected a whole number from 1 to 100',
      '25 5: found 5, expected a text of at most 64 KiB, or a mapping such as {file: PATH}',
      '29 "33": found "33", expected a user name such as www-data',
      '30 "1777": found "1777", expected octal digits in quotes, such as "0027"',
      '31 0s: found "0s", expected a time such as 30s, 15m or 1h30m, at most 366d and more than 0',
      '32 256: found 256, expected a whole number from 0 to 255',
      '33 [x: found a list, expected an expression such as "ERROR|FATAL"',
      '34 1023: found 1023, expected a size from 1KiB to 16MiB, such as 256KiB or 10MiB',
      '34 101: found 101, expected a whole number from 1 to 100',
      '35 { path: /etc/motd: found a mapping, expected a text of at most 64 KiB, or a mapping such as {file: PATH}',
      '39 0027: found 0027 without quotes: the octal number 23 in YAML 1.1, the number 27 in YAML 1.2 → write "0027"',
      '43 367d: found "367d", expected a time such as 30s, 15m, 1h30m or 2d, at most 366d, or 0',
    ]);
  });

  test('in a text that is too long for a pipe is refused, and the other way is named', () => {
    const text = 'é'.repeat(40_000);
    assert.deepEqual(
      load(`jobs: { a: { schedule: "@daily", command: a, stdin: "${text}" } }\n`).problems.map(({ message }) =>
        message.replace(/é+/, '…'),
      ),
      ['found "……, expected a text of at most 64 KiB, or a mapping such as {file: PATH}'],
    );
    assert.equal(jobOf(`stdin: "${'é'.repeat(32_768)}"`).stdin.kind, 'text');
  });
});

suite('defaults', () => {
  test('hold for every setting but the input of a task, mappings key by key', () => {
    const defaults = `defaults:
  user: www-data
  umask: "0027"
  nice: 5
  overlap: wait
  wait-up-to: 10m
  success-exit: [0, 24]
  fail-when: { stderr: true, output-matches: ERROR }
  output: { keep: 256KiB, file: logs/all.log, rotate: { size: 1MiB, keep: 3 } }
`;
    const inherited: Partial<Settings> = {
      user: 'www-data',
      umask: 0o27,
      nice: 5,
      stdin: { kind: 'empty' },
      overlap: 'wait',
      waitUpTo: 600_000,
      successExit: [0, 24],
      failWhen: { stderr: true, outputMatches: 'ERROR' },
      output: { keep: 262_144, file: join(directory, 'logs/all.log'), rotate: { size: 1_048_576, keep: 3 } },
    };
    const same = jobOf('owner: ops', defaults);
    assert.deepEqual({ ...same, ...inherited }, same);
    const other = jobOf(
      'user: root, nice: 0, success-exit: [0], fail-when: { output-matches: "" }, output: { rotate: { keep: 9 } }',
      defaults,
    );
    assert.deepEqual(
      { ...inherited, user: 'root', nice: 0, successExit: [0] },
      {
        ...inherited,
        user: other.user,
        nice: other.nice,
        successExit: other.successExit,
      },
    );
    assert.deepEqual(other.failWhen, { stderr: true, outputMatches: '' });
    assert.deepEqual(other.output, { ...inherited.output, rotate: { size: 1_048_576, keep: 9 } });
  });

  test('are handed down to included files with the paths of their own file', () => {
    mkdirSync(join(directory, 'parts'), { recursive: true });
    writeFile(
      directory,
      'parts/a.yaml',
      `defaults: { nice: 7 }
jobs:
  a: { schedule: "@daily", command: a, stdin: { file: a.txt } }
  b: { schedule: "@daily", command: b, output: { file: b.log } }
`,
    );
    const { project, problems } = load(
      'include: parts/*.yaml\ndefaults: { nice: 3, user: shop, output: { keep: 1MiB, file: main.log } }\n',
    );
    assert.deepEqual(problems, []);
    const [a, b] = project?.jobs ?? [];
    assert.deepEqual([a?.nice, a?.user, a?.output.keep], [7, 'shop', 1_048_576]);
    assert.deepEqual(a?.stdin, { kind: 'file', path: join(directory, 'parts/a.txt') });
    assert.equal(a?.output.file, join(directory, 'main.log'));
    assert.equal(b?.output.file, join(directory, 'parts/b.log'));
    assert.equal(b?.output.keep, 1_048_576);
  });

  test('that name no file keep naming none in an included file', () => {
    writeFile(directory, 'parts/c.yaml', 'jobs:\n  c: { schedule: "@daily", command: c }\n');
    const { project } = load('include: parts/c.yaml\ndefaults: { output: { file: "" } }\n');
    assert.equal(project?.jobs[0]?.output.file, '');
  });
});

suite('a setting without effect', () => {
  const job = (more: string) => `jobs:\n  a: { schedule: "@daily", command: a, ${more} }\n`;
  const wait =
    'warning 3 wait-up-to | unused-setting | found wait-up-to: without overlap: wait, and so it has no effect' +
    ' | add overlap: wait, or remove wait-up-to:';
  const rotate =
    'warning 3 rotate | unused-setting | found rotate: without file:, and so it has no effect' +
    ' | add file: with the path of the file to write, or remove rotate:';

  test('is a warning, and the file stays valid', () => {
    assert.deepEqual(found(job('wait-up-to: 5m')), [wait]);
    assert.deepEqual(found(job('overlap: skip, wait-up-to: 5m')), [wait]);
    assert.deepEqual(found(job('output: { rotate: { keep: 2 } }')), [rotate]);
    assert.notEqual(load(job('wait-up-to: 5m')).project, undefined);
  });

  test('has one where the defaults say what it needs', () => {
    assert.deepEqual(found(`defaults: { overlap: wait, output: { file: x } }\n${job('wait-up-to: 5m')}`), []);
    assert.deepEqual(found(`defaults: { output: { file: x } }\n${job('output: { rotate: { keep: 2 } }')}`), []);
    writeFile(directory, 'included.yaml', job('wait-up-to: 5m, output: { rotate: { keep: 2 } }'));
    const defaults = 'defaults: { overlap: wait, output: { file: x } }';
    assert.deepEqual(found(`include: included.yaml\n${defaults}\n`), []);
    assert.equal(found('include: included.yaml\n').length, 2);
  });

  test('may stand in defaults for the one job that it is for, and not for none', () => {
    const defaults = 'defaults: { wait-up-to: 5m, output: { rotate: { keep: 2 } } }\n';
    assert.deepEqual(found(`${defaults}${job('overlap: wait, output: { file: x }')}`), []);
    writeFile(directory, 'waits.yaml', job('overlap: wait, output: { file: x }'));
    assert.deepEqual(found(`${defaults}include: waits.yaml\n`), []);
    assert.deepEqual(
      found(`${defaults}${job('overlap: allow')}`).map((text) => text.split(' | ')[0]),
      ['warning 2 wait-up-to', 'warning 2 rotate'],
    );
  });
});

suite('an expression for output', () => {
  const finding = (source: string) => {
    const text = JSON.stringify(source);
    const file = `jobs:\n  a:\n    schedule: "@daily"\n    command: a\n    fail-when: { output-matches: ${text} }\n`;
    return found(file).map((one) => one.replace(text, 'IT'));
  };

  test('that RE2 does not accept is found at its place, with what RE2 says', () => {
    const said = 'error 6 IT | output-pattern | RE2 does not accept the expression: ';
    const syntax = 'the syntax is that of RE2: github.com/google/re2/wiki/Syntax';
    assert.deepEqual(finding('a(b'), [`${said}missing closing ): a(b | ${syntax}`]);
    assert.deepEqual(finding('[z-a]'), [`${said}invalid character class range: z-a | ${syntax}`]);
    assert.deepEqual(finding('(?!x)'), [
      `${said}invalid or unsupported Perl syntax: (?! | RE2 has no look-around; write what is to be there instead`,
    ]);
    assert.deepEqual(finding('(a)\\1'), [
      `${said}invalid escape sequence: \\1 | RE2 has no back-references; write the alternatives out`,
    ]);
    assert.deepEqual(finding('(?i)error|fatal'), []);
  });

  test('is read in defaults too', () => {
    const [problem] = load('defaults: { fail-when: { output-matches: "*" } }\njobs: {}\n').problems;
    assert.deepEqual([problem?.line, problem?.code], [2, 'output-pattern']);
  });
});

suite('a variable that decides what is executed', () => {
  const message = (name: string, job: string) =>
    `dangerous-variable | found ${name} for the job ${job}, which has user: www; ` +
    `expected no variable that can change what root executes | set it within command:, as in env ${name}=… program`;

  test('is refused in env: of a job with user:', () => {
    assert.deepEqual(
      found('jobs:\n  a: { schedule: "@daily", command: a, user: www, env: { PATH: /bin, LD_PRELOAD: x, ENV: z } }\n'),
      [`error 3 LD_PRELOAD | ${message('LD_PRELOAD', 'a')}`, `error 3 ENV | ${message('ENV', 'a')}`],
    );
  });

  test('is refused at the top of a file of which a job has user:, once', () => {
    const jobs = 'jobs:\n  a: { schedule: "@daily", command: a }\n  b: { schedule: "@daily", command: b, user: www }\n';
    assert.deepEqual(found(`env: { BASH_ENV: x }\n${jobs}  c: { schedule: "@daily", command: c, user: www }\n`), [
      `error 2 BASH_ENV | ${message('BASH_ENV', 'b')}`,
    ]);
  });

  test('is refused where the defaults have user:, also those of the including file', () => {
    const job = 'jobs:\n  a: { schedule: "@daily", command: a, env: { PS4: x } }\n';
    assert.deepEqual(found(`defaults: { user: www }\n${job}`), [`error 4 PS4 | ${message('PS4', 'a')}`]);
    writeFile(directory, 'inherits.yaml', job);
    assert.deepEqual(found('include: inherits.yaml\ndefaults: { user: www }\n'), [
      `error 2 PS4 | ${message('PS4', 'a')}`,
    ]);
  });

  test('is left alone where no account changes', () => {
    const job = (more: string) => `jobs:\n  a: { schedule: "@daily", command: a, env: { LD_PRELOAD: x }${more} }\n`;
    assert.deepEqual(found(job('')), []);
    assert.deepEqual(found(job(', user: root')), []);
    assert.deepEqual(found(`defaults: { user: www }\n${job(', user: root')}`), []);
  });
});
