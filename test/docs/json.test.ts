import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Plan } from '../../src/crontab/plan.ts';
import type { JobView, LogView, RunView } from '../../src/terminal/views.ts';
import { newPlace, type Place } from '../e2e/place.ts';
import { builtProgram, until } from '../e2e/program.ts';

const launcher = builtProgram();
const docs = join(import.meta.dirname, '../../docs');
const folder = join(docs, 'schema');
const names = readdirSync(folder).map((file) => file.replace(/\.json$/, ''));
const schemas = names.map((name) => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as object);

/** Strict, so that a slip in a schema is an error of its own. Texts beside lists have the types of both. */
const ajv = new Ajv2020({ schemas, strict: true, allowUnionTypes: true, strictTypes: false, allErrors: true });

function schemaOf(name: string): ValidateFunction {
  const validate = ajv.getSchema(`${name}.json`);
  if (!validate) throw new Error(`there is no docs/schema/${name}.json`);
  return validate;
}

function assertFits(name: string, text: string): void {
  const fits = schemaOf(name);
  assert.ok(fits(JSON.parse(text)), `${name}: ${ajv.errorsText(fits.errors)}\n${text}`);
}

/** Runs commands with --json: each prints what its schema describes, and nothing on standard error. */
async function assertDescribed(place: Place, ...commands: string[]): Promise<void> {
  for (const command of commands) {
    const [verb = '', ...more] = command.split(' ');
    const { out, err } = await place.cronwright([verb, ...more, '--json']);
    assert.equal(err, '', command);
    assertFits(verb, out);
  }
}

type Schema = Readonly<Record<string, unknown>>;

/** The keys without a description, and the mappings that have none or admit further keys, anywhere below a schema. */
function looseKeys(schema: unknown, path: string): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties, description, additionalProperties } = schema as Schema;
  const open = properties !== undefined && (additionalProperties !== false || !description) ? [path] : [];
  const bare = Object.entries((properties ?? {}) as Readonly<Record<string, Schema>>)
    .filter(([, inner]) => !['description', '$ref', 'const'].some((word) => Object.hasOwn(inner, word)))
    .map(([key]) => `${path}.${key}`);
  return [...open, ...bare, ...Object.entries(schema).flatMap(([key, inner]) => looseKeys(inner, `${path}/${key}`))];
}

const looking = ['list', 'history', 'doctor', 'drift'];
const target = (place: Place) => `--target file:${place.table}`;

/** Jobs of many kinds. */
const jobs = `mail: { from: cron@shop.example, to: ops@shop.example, sendmail: /bin/false }
jobs:
  hello:
    description: Says hello
    owner: ops
    schedule: [every 15m, "@reboot"]
    command: echo hello; echo trouble >&2
    env: { GREETING: "$\${NAME}" }
    notify: { to: [web@shop.example] }
  fails: { schedule: daily at 02:30, command: exit 3, retry: { attempts: 2, delay: 1ms, on: [3] } }
  slow: { schedule: "@reboot", command: [sleep, "60"], timeout: 20ms, grace: 0s, cwd: / }
  missing: { schedule: hourly, command: [/nowhere/program], notify: { on: [] } }
  kills-itself: { schedule: hourly, command: kill -SEGV $$ }
`;

describe('the schemas of docs/schema', { concurrency: true }, () => {
  it('describe every key, and admit no other', () => {
    const loose = schemas.flatMap((schema, index) => looseKeys(schema, names[index] ?? ''));
    assert.deepEqual(loose, []);
  });

  it('are all named on the page, and so is each command that has one', () => {
    const page = readFileSync(join(docs, 'json.md'), 'utf8');
    const linked = [...page.matchAll(/\(schema\/([a-z]+)\.json\)/g)].map(([, name]) => name);
    assert.deepEqual([...new Set(linked)].sort(), [...names].sort());
  });

  it('refuse what nobody prints', () => {
    for (const name of names) assert.equal(schemaOf(name)({ nonsense: 1 }), false, name);
  });
});

describe('what the commands print with --json', { concurrency: true }, () => {
  it('is described where nothing is installed', async (t) => {
    const place = newPlace(t, launcher);
    place.jobs('jobs: {}\n');
    await assertDescribed(place, 'validate', `plan ${target(place)}`, 'doctor', 'next --schedule @hourly');
    await assertDescribed(place, 'next --schedule @reboot', `sync ${target(place)}`, ...looking);
  });

  it('is described before, in and after the first sync', async (t) => {
    const place = newPlace(t, launcher);
    place.jobs(jobs);
    await assertDescribed(place, 'validate', `plan ${target(place)}`, `sync ${target(place)}`);
    await assertDescribed(place, `plan ${target(place)}`, `sync ${target(place)}`, ...looking);
    await assertDescribed(place, 'show hello', 'show slow', 'next hello', 'next slow', 'why hello', 'why slow');
    await assertDescribed(
      place,
      'pause hello',
      'pause --all --for 2h --reason moving',
      'list',
      'show hello',
      'why hello',
    );
    await assertDescribed(place, 'resume hello', 'resume --all', 'why hello --at 02:30');
  });

  it('is described for times that daylight saving and excepted dates change, and for a job that names all of that', async (t) => {
    const place = newPlace(t, launcher);
    const times = `timezone: Europe/Berlin, except: [2026-12-25, 2026-12-31 to 2027-01-02], start: 2026-01-01, end: 2060-12-31,
    dst: { skipped: skip, repeated: twice }, jitter: { offset: 30m, delay: 5m }, labels: [night], missed: run-all,
    start-deadline: 2h, late-after: 10m, warn-after: 1h`;
    await place.install(
      `jobs:\n  all: { schedule: [H 3 * * *, "*/20 2 * * *"], command: "true", ${times} }\n  cron: { schedule: 30 2 * * *, command: "true", timezone: Europe/Berlin }\n`,
    );
    await assertDescribed(
      place,
      'show all',
      'show cron',
      'next all',
      'next --schedule @daily --timezone Asia/Kathmandu',
    );
    const marked = ['--marked', '--json', '--from', '2026-03-01', '--until', '2026-12'];
    const calendar = ['--calendar', '--json', '--from', '2026-03', '--count', '12'];
    for (const job of ['all', 'cron']) {
      assertFits('marked', (await place.cronwright(['next', job, ...marked])).out);
      assertFits('calendar', (await place.cronwright(['next', job, ...calendar])).out);
    }
  });

  it('is described for a job with every setting, and for one with none', async (t) => {
    const place = newPlace(t, launcher);
    const settings = `user: root, umask: "0027", nice: 3, overlap: wait, wait-up-to: 5m, success-exit: [0, 24],
    fail-when: { stderr: true, output-matches: ERROR }, output: { file: out.log, rotate: { size: 1MiB } }`;
    const job = 'schedule: hourly, command: cat';
    place.jobs(
      `jobs:\n  all: { ${job}, stdin: text, ${settings} }\n  none: { ${job} }\n  file: { ${job}, stdin: { file: in } }\n`,
    );
    await assertDescribed(place, `plan ${target(place)}`, `sync ${target(place)}`);
    place.jobs(`jobs:\n  all: { ${job} }\n  none: { ${job}, ${settings} }\n  file: { ${job} }\n`);
    await assertDescribed(place, 'show all', 'show none', 'show file', `plan ${target(place)}`);
    const { umask, stdin, waitUpToMs, output } = await place.json<JobView>(['show', 'all']);
    assert.deepEqual([umask, stdin, waitUpToMs], ['0027', { kind: 'text', text: 'text' }, 300_000]);
    const rotate = { sizeBytes: 1_048_576, keep: 5 };
    assert.deepEqual(output, { keepBytes: 131_072, file: join(place.path, 'out.log'), rotate });
    const { change } = await place.json<Plan>(['plan', '--target', `file:${place.table}`]);
    assert.deepEqual(change[2]?.fields, ['stdin']);
    assert.match((await place.cronwright(['show', 'all'])).out, /\n {2}umask {8}0027\n/);
    assert.doesNotMatch((await place.cronwright(['show', 'none'])).out, /umask|overlap|output/);
  });

  it('is described after runs of every end', async (t) => {
    const place = await installed(t);
    const ends = {
      hello: 'succeeded',
      fails: 'failed',
      slow: 'timed-out',
      missing: 'failed',
      'kills-itself': 'failed',
    };
    for (const job of Object.keys(ends)) await place.cronwright(['run', job]);
    await assertDescribed(place, ...looking, ...Object.keys(ends).flatMap((job) => [`logs ${job}`, `show ${job}`]));
    const runs = await place.json<readonly RunView[]>(['history']);
    assert.deepEqual(Object.fromEntries(runs.map(({ job, state }) => [job.slice('shop/'.length), state])), ends);
  });

  it('is described for a scheduled run, with the mail that could not be sent', async (t) => {
    const place = newPlace(t, launcher);
    await place.install(`${jobs}  now: { schedule: "* * * * *", command: exit 1 }\n`);
    await place.cronwright(['run', '--scheduled', 'shop/now']);
    await assertDescribed(place, ...looking, 'logs now', 'show now');
    const { run, told } = await place.json<LogView>(['logs', 'now']);
    assert.notEqual(run.slot, null);
    assert.equal(told.length, 1);
  });

  it('is described while a job runs', async (t) => {
    const place = newPlace(t, launcher);
    await place.install('jobs: { waits: { schedule: hourly, command: echo begun; sleep 60 } }\n');
    const running = place.start(['run', 'waits']);
    await until('the task has begun', () => running.out().includes('begun'));
    await assertDescribed(place, ...looking, 'logs waits', 'show waits');
    const [row] = await place.json<readonly { state: string }[]>(['list']);
    assert.equal(row?.state, 'running');
    running.process.kill('SIGTERM');
    await running.ended;
    await assertDescribed(place, ...looking, 'logs waits');
  });

  it('is described after a wrapper was killed', async (t) => {
    const place = newPlace(t, launcher);
    await place.install('jobs: { waits: { schedule: hourly, command: echo begun $$; sleep 60 } }\n');
    const running = place.start(['run', 'waits']);
    await until('the task has begun', () => running.out().includes('begun'));
    running.process.kill('SIGKILL');
    await until('the wrapper is gone', () => running.process.signalCode !== null);
    await assertDescribed(place, ...looking, 'logs waits');
    process.kill(-Number(/begun (\d+)/.exec(running.out())?.[1]), 'SIGKILL');
    await running.ended;
    await place.cronwright(['tick']);
    const [run] = await place.json<readonly RunView[]>(['history']);
    assert.equal(run?.state, 'interrupted');
    await assertDescribed(place, ...looking, 'logs waits', 'show waits');
  });

  it('is described for a run that was cancelled, for one that was given up, and for what a task sees', async (t) => {
    const place = newPlace(t, launcher);
    await place.install(
      'jobs: { waits: { schedule: hourly, command: "echo begun; sleep 20", overlap: allow, env: { A: "${HOME}" } } }\n',
    );
    assertFits('history', (await place.cronwright(['cancel', 'waits', '--json'])).out);
    const running = place.start(['run', 'waits']);
    await until('the task has begun', () => running.out().includes('begun'));
    assertFits('history', (await place.cronwright(['unlock', 'waits', '--force', '--json'])).out);
    const { out } = await place.cronwright(['cancel', 'waits', '--json']);
    assert.deepEqual(JSON.parse(out), []);
    running.process.kill('SIGTERM');
    await running.ended;
    assertFits('env', (await place.cronwright(['show', 'waits', '--env', '--json'])).out);
    await assertDescribed(place, ...looking);
  });

  it('is described for runs that wait, that are skipped, and that report', async (t) => {
    const place = newPlace(t, launcher);
    const job = 'schedule: hourly, command: "echo \'{\\"progress\\":0.5,\\"result\\":[1]}\' >&3; echo begun; sleep 20"';
    await place.install(`jobs: { waits: { ${job}, overlap: wait, grace: 1s }, skips: { ${job}, grace: 1s } }\n`);
    const running = ['waits', 'skips'].map((name) => place.start(['run', name]));
    await until('they have begun', () => running.every(({ out }) => out().includes('begun')));
    const waiting = place.start(['run', 'waits']);
    const row = async () => (await place.json<readonly RunView[]>(['history', 'waits']))[0]?.state;
    await until('one waits', async () => (await row()) === 'waiting');
    await place.cronwright(['run', 'skips']);
    await assertDescribed(place, ...looking, 'logs waits', 'logs skips', 'show skips');
    for (const name of ['waits', 'skips']) {
      assertFits('history', (await place.cronwright(['cancel', name, '--all', '--json'])).out);
    }
    await Promise.all([waiting, ...running].map(({ ended }) => ended));
    await assertDescribed(place, ...looking, 'logs waits', 'logs skips');
  });

  it('is described for jobs that change and go, and for a table that was edited', async (t) => {
    const place = await installed(t);
    const table = readFileSync(place.table, 'utf8')
      .replace(/^30 2/m, '31 2')
      .replace(/^.*shop\/missing\n/m, '');
    writeFileSync(
      place.table,
      `MAILTO=ops\n${table.replace('# END cronwright shop', '0 0 * * * rm\n$&')}1 1 * * * true\n`,
    );
    place.jobs(jobs.replace('exit 3', 'exit 4').replace(/ {2}slow:.*\n/, ''));
    await assertDescribed(place, `plan ${target(place)}`, 'doctor');
    const plan = await place.json<Record<string, readonly unknown[]>>(['plan', '--target', `file:${place.table}`]);
    assert.deepEqual([plan.change?.length, plan.remove?.length, plan.drift?.length], [1, 1, 3]);
    await assertDescribed(place, `sync --yes ${target(place)}`, ...looking);
  });

  it('is described for what is paused, for what is resumed, and for a start that is put off', async (t) => {
    const place = newPlace(t, launcher);
    const job = 'schedule: "* * * * *", command: "true", labels: [night]';
    await place.install(`jobs: { one: { ${job} }, two: { ${job}, jitter: { delay: 1h } } }\n`);
    const start = place.start(['run', '--scheduled', 'shop/two']);
    await assertDescribed(place, 'pause one --for 2h', 'pause one', 'pause --label night --until 18:00', 'pause --all');
    await assertDescribed(place, 'list', 'history', 'show one', 'list --label night');
    const state = async () => (await place.json<readonly RunView[]>(['history', 'two']))[0]?.state;
    await until('the start has its run', async () => (await state()) !== undefined);
    await assertDescribed(place, 'list', 'history', 'logs two');
    await place.cronwright(['run', '--scheduled', 'shop/one']);
    await assertDescribed(place, 'logs one', 'resume one', 'resume --label night', 'resume --all', 'resume one');
    await place.cronwright(['cancel', 'two']);
    await start.ended;
    await assertDescribed(place, 'list', 'history');
  });

  it('is described for snapshots and revisions, and for going back to them', async (t) => {
    const place = newPlace(t, launcher);
    await assertDescribed(place, 'snapshots');
    await place.install(jobs);
    place.jobs('jobs: {}\n');
    await place.cronwright(['sync', '--yes']);
    await assertDescribed(
      place,
      'snapshots',
      'snapshots --target user',
      'restore 1 --check',
      'restore 2 --yes',
      'restore 2',
    );
    for (const [name, ...words] of [
      ['snapshot', 'snapshots', '2'],
      ['revisions', 'rollback', '--list'],
      ['sync', 'rollback', '--check'],
      ['sync', 'rollback', '--yes'],
      ['sync', 'rollback', '3'],
      ['error', 'restore', '1'],
      ['error', 'rollback', '9'],
    ] as const) {
      const { out, err } = await place.cronwright([...words, '--json']);
      assertFits(name, out + err);
    }
  });

  it('is described for entries that could be adopted, and for those that could not', async (t) => {
    const place = newPlace(t, launcher);
    const entries = ['30 2 * * * flock -n /tmp/a timeout 10m dump', '22-2 * * * * never', '0 1 * * * x%input'];
    writeFileSync(place.table, `MAILTO=ops@shop.example\n${entries.join('\n')}\n`);
    place.jobs('env: { STAGE: live }\n');
    await assertDescribed(place, `adopt ${target(place)}`, `adopt ${target(place)} --unwrap --write dump`);
    place.jobs('colour: red\n');
    await assertDescribed(place, `adopt ${target(place)}`);
  });

  it('is described for a file with problems', async (t) => {
    const place = newPlace(t, launcher);
    const mistakes = join(import.meta.dirname, '../fixtures/jobs/thirty-mistakes.yaml');
    await assertDescribed(place, `validate ${mistakes}`);
    place.jobs('jobs: { broken: { schedule: 61 * * * *, command: x, colour: red } }\n');
    await assertDescribed(place, 'validate', `plan ${target(place)}`, `sync ${target(place)}`);
  });

  it('is described for errors, which go to standard error', async (t) => {
    const place = newPlace(t, launcher);
    for (const words of [
      ['logs', 'hello'],
      ['list', '--colour'],
      ['show'],
      ['run', 'hello'],
      ['validate', '/nowhere'],
    ]) {
      const { out, err, status } = await place.cronwright([...words, '--json']);
      assert.equal(out, '', words.join(' '));
      assertFits('error', err);
      assert.equal((JSON.parse(err) as { error: { exit: number } }).error.exit, status);
    }
  });
});

async function installed(t: TestContext): Promise<Place> {
  const place = newPlace(t, launcher);
  await place.install(jobs);
  return place;
}
