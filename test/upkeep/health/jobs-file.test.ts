import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { readTimetable } from '../../../src/schedule/timetable.ts';
import { install, latestRevision } from '../../../src/store/registry.ts';
import { jobsFileAsInstalled } from '../../../src/upkeep/health/jobs-file.ts';
import { morning, newStore, settingsOf } from '../../store/rig.ts';
import { verdict } from './rig.ts';

const text = `version: 1
project: shop
include: parts/*.yaml
jobs:
  backup: { schedule: daily at 03:00, command: backup --all, retry: { attempts: 3 }, timezone: Europe/Berlin }
`;
const part = 'jobs: { clean: { schedule: hourly, command: clean } }\n';

/** A project that was installed from its file. */
function installed(t: TestContext) {
  const store = newStore(t);
  const folder = join(store.directory, '..');
  const [file, included] = [join(folder, 'jobs.yaml'), join(folder, 'parts/clean.yaml')];
  mkdirSync(join(folder, 'parts'));
  writeFileSync(file, text);
  writeFileSync(included, part);
  const { project, problems } = readTimetable(file);
  assert.ok(project, JSON.stringify(problems));
  const { mail, envFiles } = project;
  install(store, { project, settings: settingsOf({ mail, envFiles }), by: 'ann', at: morning });
  const look = () => {
    const revision = latestRevision(store, 'shop');
    assert.ok(revision);
    return jobsFileAsInstalled(store, revision);
  };
  return { file, included, look };
}

suite('the jobs file', () => {
  test('is not waited for where a pipe has taken its place', (t) => {
    const { file, look } = installed(t);
    rmSync(file);
    execFileSync('mkfifo', [file]);
    assert.deepEqual(verdict(look()), ['warning', `the jobs file ${file} is a pipe now`]);
  });

  test('says what is installed, also where it was written anew with the same words', (t) => {
    const { file, look } = installed(t);
    assert.deepEqual(verdict(look()), ['ok', `shop is installed as ${file} has it`]);
    writeFileSync(file, `# another comment\n${text}`);
    utimesSync(file, 2_000_000_000, 2_000_000_000);
    assert.equal(look().state, 'ok');
  });

  test('says something else once a job was changed, added or taken away, or who is told', (t) => {
    for (const changed of [
      text.replace('03:00', '04:00'),
      `${text}  more: { schedule: hourly, command: more }\n`,
      text.replace(/^ {2}backup.*\n/m, '  {}\n').replace('jobs:\n  {}', 'jobs: {}'),
      text.replace('jobs:', 'mail: { from: a@b.example, to: c@d.example, sendmail: /usr/sbin/sendmail }\njobs:'),
    ]) {
      const { file, look } = installed(t);
      writeFileSync(file, changed);
      const { state, message, remedy } = look();
      assert.deepEqual(
        [state, message],
        ['warning', `${file} was changed since the last sync of shop: the changes are not in force`],
      );
      assert.match(remedy ?? '', /^cronwright plan/);
    }
  });

  test('is judged with what it includes', (t) => {
    const { included, look } = installed(t);
    writeFileSync(included, part.replace('hourly', 'daily'));
    assert.match(look().message, /was changed since the last sync/);
  });

  test('may have errors, be gone, or be another project’s', (t) => {
    const { file, look } = installed(t);
    writeFileSync(file, text.replace('schedule', 'shedule'));
    assert.match(look().message, /has errors, so the next sync of shop would be refused/);
    writeFileSync(file, text.replace('project: shop', 'project: blog'));
    assert.match(look().message, /is that of the project blog now/);
    rmSync(file);
    assert.match(look().message, /is not there; what is installed goes on/);
    mkdirSync(file);
    assert.match(look().message, /cannot be read/);
  });
});
