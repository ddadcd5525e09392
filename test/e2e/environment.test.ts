import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { describe, it, type TestContext } from 'node:test';
import type { EnvironmentView } from '../../src/terminal/views.ts';
import { skipWithout } from '../schedule/requirement.ts';
import { writeFile } from '../temporary.ts';
import { newPlace, type Place } from './place.ts';
import { builtProgram } from './program.ts';

const launcher = builtProgram();
const notRoot = skipWithout(userInfo().uid === 0, 'root');

const settings = (folder: string) => `jobs:
  prints:
    schedule: "@daily"
    command: env
    env-file: ${folder}/secrets
    env: { LEVEL: full, URL: "db://\${PASSWORD}@host" }
  wants: { schedule: "@daily", command: "true", env: { A: "\${MINE}" } }
`;

async function newJobs(t: TestContext): Promise<Place> {
  const place = newPlace(t, launcher);
  writeFile(place.path, 'table', 'PATH=/opt/tools:/usr/bin:/bin\nTOKEN=secret\n');
  writeFile(place.path, 'secrets', 'PASSWORD=hush\n', 0o600);
  await place.install(settings(place.path));
  return place;
}

/** What `env` printed, without what is of the run alone. */
function variables(out: string): Record<string, string> {
  const lines = out
    .split('\n')
    .filter((line) => line.includes('=') && !/^(?:CRONWRIGHT_(?!JOB)|_=|PWD=|SHLVL=)/.test(line));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

describe('show --env', { concurrency: true }, () => {
  it('prints exactly what the task of a start as cron finds', async (t) => {
    const place = await newJobs(t);
    const { out } = await place.cronwright(['run', 'prints', '--as-cron']);
    const view = await place.json<EnvironmentView>(['show', 'prints', '--env', '--reveal']);
    const shown = view.variables.filter(({ value }) => value !== null).map(({ name, value }) => [name, value]);
    assert.deepEqual(Object.fromEntries(shown), variables(out));
    assert.equal(variables(out).URL, 'db://hush@host');
    assert.equal(variables(out).PATH, '/opt/tools:/usr/bin:/bin');
  });

  it('hides what may be secret, and says where each variable comes from', async (t) => {
    const place = await newJobs(t);
    const { status, out } = await place.cronwright(['show', 'prints', '--env']);
    assert.equal(status, 0);
    assert.ok(!out.includes('hush') && !out.includes('TOKEN'), out);
    assert.match(out, /^PASSWORD=\(hidden\) +# \/.*\/secrets$/m);
    assert.match(out, /^URL=\(hidden\) +# env: of the job$/m);
    assert.match(out, /^LEVEL=full +# env: of the job$/m);
    assert.match(out, /^PATH=\/opt\/tools:\/usr\/bin:\/bin +# the table$/m);
    assert.match(out, /^SHELL=\/bin\/sh +# cron$/m);
    assert.match(out, /^CRONWRIGHT_RUN=\(of each run\) +# cronwright$/m);
    assert.ok(!JSON.stringify(await place.json(['show', 'prints', '--env'])).includes('hush'));
    const names = [...out.matchAll(/^(\w+)=/gm)].map(([, name = '']) => name);
    assert.deepEqual(names, names.toSorted());
  });

  it('shows the account, the directory and the rest of another user’s job', { skip: notRoot }, async (t) => {
    const place = newPlace(t, launcher);
    await place.install(
      'jobs: { job: { schedule: "@daily", command: id, user: nobody, umask: "0027", nice: 3, cwd: / } }\n',
    );
    const view = await place.json<EnvironmentView>(['show', 'job', '--env']);
    const [, uid = ''] = /^nobody:[^:]*:(\d+)/m.exec(readFileSync('/etc/passwd', 'utf8')) ?? [];
    assert.deepEqual([view.user.name, view.user.uid, view.cwd], ['nobody', Number(uid), '/']);
    assert.deepEqual([view.umask, view.nice, view.stdin], ['0027', 3, { kind: 'empty' }]);
    assert.ok(view.user.groups.length > 0);
    assert.equal(view.variables.find(({ name }) => name === 'LOGNAME')?.value, 'nobody');
  });

  it('fails as the job would where a variable is not set', async (t) => {
    const place = await newJobs(t);
    const { status, err } = await place.cronwright(['show', 'wants', '--env'], { also: { MINE: 'x' } });
    assert.equal(status, 2);
    assert.match(err, /\$\{MINE\} is not set/);
  });
});

describe('run --as-cron', { concurrency: true }, () => {
  it('says in a line how its environment differs from the person’s', async (t) => {
    const place = await newJobs(t);
    const { err } = await place.cronwright(['run', 'prints', '--as-cron'], { also: { MINE: 'x' } });
    const [line = ''] = err.split('\n');
    assert.match(line, /^as cron: PATH=\/opt\/tools:\/usr\/bin:\/bin, .*TOKEN as in the table; without LANG, MINE$/);
    assert.equal((await place.cronwright(['run', 'prints', '--as-cron', '--json'])).err, '');
  });

  it('does not know the person’s variables, which a start by hand does', async (t) => {
    const place = await newJobs(t);
    const also = { MINE: 'x' };
    assert.equal((await place.cronwright(['run', 'wants'], { also })).status, 0);
    const { status, err } = await place.cronwright(['run', 'wants', '--as-cron'], { also });
    assert.equal(status, 125);
    assert.match(err, /\$\{MINE\} is not set/);
  });
});
