import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { parse } from 'yaml';
import { readSource } from '../../../src/job/document.ts';
import { type JobEntryText, withJobs } from '../../../src/job/edit/with-jobs.ts';
import type { JobName } from '../../../src/job/job.ts';

function job(name: string, entry: Partial<JobEntryText['entry']> = {}, comments: readonly string[] = []): JobEntryText {
  return { name: name as JobName, comments, entry: { schedule: '30 2 * * *', command: 'backup', ...entry } };
}

const added = job('new');

/** The text with `added`, its new lines between what is given as kept. */
const places: readonly (readonly [title: string, before: string, after: string])[] = [
  [
    'behind the last job, apart from it by a blank line',
    'version: 1\njobs:\n  old:\n    schedule: hourly\n    command: x\n',
    'version: 1\njobs:\n  old:\n    schedule: hourly\n    command: x\n\n  new:\n    schedule: "30 2 * * *"\n    command: backup\n',
  ],
  [
    'close to the others where they stand close',
    'jobs:\n  a: { schedule: hourly, command: x }\n  b: { schedule: hourly, command: x }\n',
    'jobs:\n  a: { schedule: hourly, command: x }\n  b: { schedule: hourly, command: x }\n  new:\n    schedule: "30 2 * * *"\n    command: backup\n',
  ],
  [
    'indented as the others are, and their keys',
    'jobs:\n    old:\n        schedule: hourly\n        command: x\n',
    'jobs:\n    old:\n        schedule: hourly\n        command: x\n\n    new:\n        schedule: "30 2 * * *"\n        command: backup\n',
  ],
  [
    'indented by one blank where the others are',
    'jobs:\n a:\n  schedule: hourly\n  command: x\n',
    'jobs:\n a:\n  schedule: hourly\n  command: x\n\n new:\n  schedule: "30 2 * * *"\n  command: backup\n',
  ],
  [
    'above the key that follows jobs: and the comment of that key',
    'jobs:\n  old: {}\n\n# who is told\nmail: {}\n',
    'jobs:\n  old: {}\n\n  new:\n    schedule: "30 2 * * *"\n    command: backup\n\n# who is told\nmail: {}\n',
  ],
  [
    'behind comments that are indented as jobs are',
    'jobs:\n  old: {}\n  # idle:\n  #   command: y\nmail: {}\n',
    'jobs:\n  old: {}\n  # idle:\n  #   command: y\n\n  new:\n    schedule: "30 2 * * *"\n    command: backup\nmail: {}\n',
  ],
  [
    'behind a last line without a line feed, which it gets',
    'jobs:\n  old:\n    command: |\n      x\n      # no comment',
    'jobs:\n  old:\n    command: |\n      x\n      # no comment\n\n  new:\n    schedule: "30 2 * * *"\n    command: backup\n',
  ],
  [
    'behind the blank lines that belong to a text of the last job',
    'jobs:\n  old:\n    command: |+\n      x\n\n\nmail: {}\n',
    'jobs:\n  old:\n    command: |+\n      x\n\n\n  new:\n    schedule: "30 2 * * *"\n    command: backup\nmail: {}\n',
  ],
  [
    'with CR and LF where the lines end so',
    'version: 1\r\njobs:\r\n  old: {}\r\n',
    'version: 1\r\njobs:\r\n  old: {}\r\n\r\n  new:\r\n    schedule: "30 2 * * *"\r\n    command: backup\r\n',
  ],
  [
    'below an empty jobs:',
    'jobs:   # none\nversion: 1\n',
    'jobs:   # none\n  new:\n    schedule: "30 2 * * *"\n    command: backup\nversion: 1\n',
  ],
  [
    'below the comments of an empty jobs:',
    'jobs:\n  # none\n\nversion: 1\n',
    'jobs:\n  # none\n  new:\n    schedule: "30 2 * * *"\n    command: backup\n\nversion: 1\n',
  ],
  [
    'in the place of {}',
    'jobs: {} # none\nversion: 1\n',
    'jobs: # none\n  new:\n    schedule: "30 2 * * *"\n    command: backup\nversion: 1\n',
  ],
  [
    'in the place of null at the end of a text',
    'version: 1\njobs: null',
    'version: 1\njobs:\n  new:\n    schedule: "30 2 * * *"\n    command: backup\n',
  ],
  [
    'below a jobs: of their own where there is none',
    'version: 1\nproject: shop',
    'version: 1\nproject: shop\n\njobs:\n  new:\n    schedule: "30 2 * * *"\n    command: backup\n',
  ],
  ['in an empty text', '', 'jobs:\n  new:\n    schedule: "30 2 * * *"\n    command: backup\n'],
  [
    'behind a byte order mark',
    '\uFEFFversion: 1\n',
    '\uFEFFversion: 1\n\njobs:\n  new:\n    schedule: "30 2 * * *"\n    command: backup\n',
  ],
  [
    'above the end of the document',
    '%YAML 1.2\n---\nversion: 1\n...\n',
    '%YAML 1.2\n---\nversion: 1\n\njobs:\n  new:\n    schedule: "30 2 * * *"\n    command: backup\n...\n',
  ],
  [
    'above the end of the document, whatever is said of it',
    '--- # ours\nversion: 1\n... # no more\n',
    '--- # ours\nversion: 1\n\njobs:\n  new:\n    schedule: "30 2 * * *"\n    command: backup\n... # no more\n',
  ],
  [
    'below the anchor of jobs:, and with other aliases in the file',
    'defaults: &d { timeout: 1h }\nother: *d\njobs: &j\n  a: {}\n',
    'defaults: &d { timeout: 1h }\nother: *d\njobs: &j\n  a: {}\n\n  new:\n    schedule: "30 2 * * *"\n    command: backup\n',
  ],
];

describe('a job is added to a jobs file', () => {
  for (const [title, before, after] of places) {
    it(title, () => assert.equal(withJobs(before, [added]), after));
  }

  it('apart from the next one that is added', () => {
    const text = withJobs('version: 1\n', [job('one'), job('two')]);
    assert.match(text, /command: backup\n\n {2}two:\n/);
  });

  it('and none is added where none is given', () => {
    assert.equal(withJobs('jobs: {a: {}}', []), 'jobs: {a: {}}');
  });
});

describe('no job is added', () => {
  const refused: readonly (readonly [string, string, RegExp])[] = [
    ['to jobs in braces', 'jobs: {a: {}}\n', /jobs: stands in braces/],
    ['to jobs in braces over several lines', 'jobs: {\n  a: {}\n}\n', /jobs: stands in braces/],
    ['to a file in braces', '{version: 1}\n', /the whole file stands in braces/],
    ['to what another part of the file repeats', 'jobs: &j\n  a: {}\nother: *j\n', /would not be read as before/],
    ['to what repeats another part of the file', 'other: &j\n  a: {}\njobs: *j\n', /jobs: repeats another part/],
    ['where its name is there', 'jobs:\n  new: {}\n', /has a job new already/],
    ['to a broken text', 'jobs:\n  a: "x\n', /would not be read as before/],
    ['to jobs that are a list', 'jobs:\n  - a\n', /no mapping of job names/],
    ['to a second document', 'version: 1\n---\njobs:\n  a: {}\n', /would not be read as before/],
  ];
  for (const [title, text, message] of refused) {
    it(title, () => assert.throws(() => withJobs(text, [added]), { name: 'UserError', message }));
  }

  it('twice under one name', () => {
    assert.throws(() => withJobs('version: 1\n', [added, added]), /has a job new already/);
  });
});

test('an entry is written as a person would write it', () => {
  const entry = {
    description: 'Dumps: the database',
    schedule: '@daily',
    command: 'set -e\ncd /srv/shop\n\tphp artisan dump # all\n',
    env: { PATH: '/opt/bin:/usr/bin:/bin', COUNT: '5', EMPTY: '', SWITCH: 'on' },
    stdin: 'yes\nno',
    'success-exit': [0, 24],
    'fail-when': { stderr: true },
    notify: { to: ['ops@shop.example', 'web@shop.example'] },
    replaces: { table: '/etc/crontab', line: '# nightly\n0 0 * * * root dump' },
  };
  const text = withJobs('version: 1\n', [job('dump', entry, ['a note: with signs', 'two\nlines'])]);
  assert.equal(
    text,
    `version: 1

jobs:
  dump:
    # a note: with signs
    # two lines
    schedule: "@daily"
    command: |
      set -e
      cd /srv/shop
      	php artisan dump # all
    description: "Dumps: the database"
    env:
      PATH: /opt/bin:/usr/bin:/bin
      COUNT: "5"
      EMPTY: ""
      SWITCH: "on"
    stdin: |-
      yes
      no
    success-exit: [0, 24]
    fail-when: { stderr: true }
    notify: { to: [ops@shop.example, web@shop.example] }
    replaces:
      table: /etc/crontab
      line: |-
        # nightly
        0 0 * * * root dump
`,
  );
});

/** Texts of every kind, and often such as trip readers of YAML. */
const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .array(
      fc.constantFrom(
        ...[
          '\n',
          '\n\n',
          ' ',
          '\t',
          '#',
          ' #',
          ':',
          ': ',
          '- ',
          '-',
          '"',
          "'",
          '\\',
          '%',
          '{',
          '}',
          '[',
          ']',
          ',',
          '&',
          '*',
        ],
        ...[
          '!',
          '|',
          '>',
          '@',
          '`',
          '?',
          '~',
          'yes',
          'null',
          '1',
          '.5',
          '-.5',
          '0x1',
          '1:30',
          '2026-01-01',
          '=',
          '<<',
          '---',
          '...',
        ],
        ...['\r', '\u0085', '\u2028', '\uFEFF', '\u00A0', 'é', '🙂', '\u001b', '$', '${A}', 'a', 'word'],
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
);

const texts = fc.record({
  description: nasty,
  schedule: fc.oneof(nasty, fc.array(nasty, { minLength: 1, maxLength: 3 })),
  command: fc.oneof(nasty, fc.array(nasty, { minLength: 1, maxLength: 4 })),
  env: fc.dictionary(fc.oneof(nasty, fc.stringMatching(/^[A-Za-z_]\w{0,6}$/)), nasty, { noNullPrototype: true }),
  stdin: nasty,
  nice: fc.integer(),
});

const layouts = [
  'version: 1\n',
  'jobs:\n  old:\n    command: "x"\n',
  'jobs:\n      old:\n       command: |+\n         x\n\n\n# end\nversion: 1\n',
  '\uFEFFjobs: {}\r\nversion: 1\r\n',
];

test('whatever an entry says is read back as it was, by every reader, and no byte of the file is lost', () => {
  fc.assert(
    fc.property(fc.constantFrom(...layouts), texts, nasty, (before, entry, comment) => {
      if (Object.keys(entry.env).includes('__proto__')) return;
      const after = withJobs(before, [job('new', entry as never, [comment]), job('on')]);
      for (const read of [read1, load, parse]) {
        const data = read(after.replace(/^\uFEFF/, '')) as { jobs: Record<string, unknown> };
        assert.deepEqual(plain(data.jobs.new), plain(entry));
        assert.deepEqual(plain(data.jobs.on), plain(job('on').entry));
      }
      const kept = before.replace(' {}', '').split(/\r?\n/);
      let from = 0;
      for (const line of kept) {
        from = after.indexOf(line, from);
        assert.ok(from >= 0, line);
      }
    }),
    { numRuns: 1000 },
  );
});

function read1(text: string): unknown {
  return readSource(text, '').value;
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
