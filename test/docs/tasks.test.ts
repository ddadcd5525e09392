import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { TaskEvents } from '../../src/run/task-events.ts';
import { readTimetable } from '../../src/schedule/timetable.ts';
import { until } from '../e2e/program.ts';
import { skipWithout } from '../schedule/requirement.ts';
import { temporaryDirectory, writeFile } from '../temporary.ts';
import { examples, exampleText, runTask } from './example.ts';
import { codeBlocks, pageText, quoted } from './page.ts';

const page = pageText('docs/tasks.md');
/** What the page has between backquotes, outside of its blocks. */
const words = quoted(page.replaceAll(/^```.*?^```$/gms, ''));
const directory = temporaryDirectory();
const python = '/usr/bin/python3';
const needsPython = { skip: skipWithout(existsSync(python), python) };

/** The one block of a language that has this word. */
function snippet(language: string, word: string): string {
  const [found = '', ...more] = codeBlocks(page, language).filter((code) => code.includes(word));
  assert.notEqual(found, '', word);
  assert.deepEqual(more, []);
  return found;
}

describe('the page on tasks', { concurrency: true }, () => {
  for (const [language, name] of [
    ['php', 'cleanup-sessions.php'],
    ['python', 'nightly-report.py'],
    ['sh', 'backup.sh'],
    ['yaml', 'jobs.yaml'],
  ] as const) {
    it(`shows ${name} as it is`, () => {
      assert.ok(codeBlocks(page, language).includes(exampleText(name)), name);
    });
  }

  it('has a jobs file that is valid and runs the other examples', () => {
    const { project, problems } = readTimetable(join(examples, 'jobs.yaml'));
    assert.deepEqual(problems, []);
    const programs = project?.jobs.map(
      ({ command, cwd }) => command.kind === 'program' && join(cwd, command.argv[1] ?? ''),
    );
    const files = ['cleanup-sessions.php', 'nightly-report.py', 'backup.sh'];
    assert.deepEqual(
      programs,
      files.map((name) => join(examples, name)),
    );
  });

  it('writes settings as the jobs file takes them', () => {
    const settings = words.filter((code) => /^(?:success-exit|fail-when|retry|overlap): ./.test(code));
    assert.ok(settings.length >= 4);
    for (const [index, setting] of settings.entries()) {
      const job = `  a:\n    schedule: daily\n    command: "true"\n    ${setting}\n`;
      const file = writeFile(directory, `setting-${index}.yaml`, `version: 1\njobs:\n${job}`);
      assert.deepEqual(readTimetable(file).problems, [], setting);
    }
  });

  it('shows reports that cronwright understands', () => {
    const events = new TaskEvents();
    const [told = ''] = codeBlocks(page, 'json');
    const kinds = events.push(Buffer.from(told)).map(({ kind }) => kind);
    assert.deepEqual(kinds, ['message', 'progress', 'result']);
    assert.deepEqual(events.end(), []);
  });

  it('says how to put a process into the background so that nothing waits for it', async (t) => {
    const cwd = join(directory, 'background');
    mkdirSync(cwd);
    writeFile(cwd, 'worker.sh', '#!/bin/sh\necho "works on"\nexec sleep 3600\n', 0o755);
    const { status, out, err } = await runTask(t, ['/bin/sh', '-c', snippet('sh', 'worker.sh')], { cwd });
    assert.deepEqual([status, out, err], [0, '', '']);
    await until('the worker works', () => readFileSync(join(cwd, 'worker.log'), 'utf8') === 'works on\n');
  });

  it('says how to see reports in a terminal', async (t) => {
    const line = words.find((code) => code.startsWith('CRONWRIGHT_EVENTS=')) ?? '';
    const [uploads, backups] = [join(directory, 'uploads'), join(directory, 'backups')];
    for (const path of [uploads, backups]) mkdirSync(path);
    const typed = line.replace(' uploads /tmp ', ` ${uploads} ${backups} `);
    const { status, err } = await runTask(t, ['/bin/sh', '-c', typed], { events: 'closed' });
    assert.equal(status, 0);
    assert.match(err, /^\{"result":\{"archive":/m);
  });
});

describe('what the page says of programs that a task starts', { concurrency: true }, () => {
  const cwd = join(directory, 'children');
  mkdirSync(cwd);
  writeFile(cwd, 'import.sh', '(echo \'{"progress":0.4}\' >&3) 2>/dev/null || true\n');
  const inPython = [python, '-c', `import os, subprocess\n${snippet('python', 'pass_fds')}`];
  const inNode = [process.execPath, '-e', `const { spawnSync } = require('child_process');\n${snippet('js', 'stdio')}`];

  for (const [language, program, options] of [
    ['Python', inPython, needsPython],
    ['Node.js', inNode, {}],
  ] as const) {
    it(`lets ${language} have them report`, options, async (t) => {
      const { status, err, reports } = await runTask(t, program, { cwd });
      assert.deepEqual([status, err, reports], [0, '', [{ progress: 0.4 }]]);
    });

    it(`has ${language} hand them nothing else without cronwright`, options, async (t) => {
      for (const events of ['closed', 'foreign'] as const) {
        const { status, err, reports } = await runTask(t, program, { cwd, events });
        assert.deepEqual([status, err, reports], [0, '', []]);
      }
    });
  }
});
