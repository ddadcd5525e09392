import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { JobRowView, JobView, LogView, RunView } from '../../src/terminal/views.ts';
import { account, type MailServer, makeCertificates, startServer } from '../notify/rig.ts';
import { fixture } from '../run/rig.ts';
import { skipWithout } from '../schedule/requirement.ts';
import { writeFile } from '../temporary.ts';
import { type CronWorld, canMakeCronWorld, makeCronWorld } from './cron-world.ts';
import { builtProgram, until } from './program.ts';

const minute = 60_000;

/** A table that somebody keeps by hand, with all that is hard to keep. */
const foreign = (path: string) => `# by hand\t
MAILTO=""
SHELL=/bin/sh

*/5 *  * * *  true   # twice  the blanks
* * * * * date +\\%s >> ${path}/foreign
# the end, and no more
`;

const jobs = (ca: string, port: number) => `version: 1
project: shop
mail:
  from: Cron <cron@shop.example>
  to: [ops@shop.example]
  smtp: smtp://${encodeURIComponent(account.user)}:\${SMTP_PASSWORD}@localhost:${port}?ca=${ca}
env-file: secrets.env
jobs:
  hello: { schedule: every 1m, command: "echo hello from $CRONWRIGHT_JOB" }
  flaky:
    schedule: "* * * * *"
    command: ["${fixture('fails-twice')}"]
    retry: { attempts: 4, delay: 200ms, backoff: fixed }
  hopeless:
    description: Copies the shop
    schedule: "* * * * *"
    command: "echo copying; echo disk full >&2; exit 9"
    retry: { attempts: 2, delay: 100ms, backoff: fixed }
  nightly: { schedule: daily at 02:30, command: "true" }
`;

/** An installation in a world of its own, with what tells of it. */
interface Rig {
  readonly world: CronWorld;
  readonly path: string;
  readonly server: MailServer;
  /** Runs cronwright there; it must succeed. */
  ok(...words: string[]): Promise<string>;
  json<T>(...words: string[]): Promise<T>;
}

const launcher = canMakeCronWorld() ? builtProgram() : '';

async function makeRig(t: TestContext): Promise<Rig> {
  const path = mkdtempSync(join(tmpdir(), 'cronwright-cron-'));
  t.after(() => rmSync(path, { recursive: true }));
  const { ca, key, cert } = makeCertificates(path, 'authority');
  const tls = { key: readFileSync(key), cert: readFileSync(cert) };
  const server = await startServer(t, { ...tls, authOptional: false, allowInsecureAuth: false });
  const world = await makeCronWorld(t, path);
  writeFile(path, 'jobs.yaml', jobs(ca, server.port));
  writeFile(path, 'secrets.env', `SMTP_PASSWORD='${account.password}'\n`, 0o600);
  const ok = async (...words: string[]) => {
    const { status, out, err } = await world.run(launcher, '--file', join(path, 'jobs.yaml'), ...words);
    assert.deepEqual({ words, status, err }, { words, status: 0, err: '' });
    return out;
  };
  const json = async <T>(...words: string[]) => JSON.parse(await ok(...words, '--json')) as T;
  return { world, path, server, ok, json };
}

describe('the real cron', { skip: skipWithout(canMakeCronWorld(), 'root, Debian’s cron, unshare and openssl') }, () => {
  it('runs what the real crontab installed, and every command tells the same story of it', async (t) => {
    const rig = await makeRig(t);
    const { world, path } = rig;
    await world.run('crontab', writeFile(path, 'by-hand', foreign(path)));
    const stopCron = await world.startCron();
    await installs(rig);
    const history = await oneMinute(rig);
    await rig.ok('doctor');
    await stopCron();
    const { status, out } = await world.run(launcher, 'doctor');
    assert.equal(status, 1);
    assert.match(out, /no cron daemon is running/);
    await tellTheSame(rig, history);
    await wroteOneMail(rig, history);
    await knowsNoPassword(rig);
    await uninstalls(rig);
  });
});

/** Sync says what plan said, does it once, and leaves the lines of others as they are. */
async function installs({ world, path, ok, json }: Rig): Promise<void> {
  const plan = await json<{ add: readonly { job: string }[]; unmanaged: number }>('plan');
  assert.deepEqual(plan.add.map(({ job }) => job).sort(), [
    'shop/flaky',
    'shop/hello',
    'shop/hopeless',
    'shop/nightly',
  ]);
  assert.equal(plan.unmanaged, 2);
  await ok('sync');
  const table = await world.table();
  assert.ok(table.startsWith(foreign(path)), table);
  assert.match(table, new RegExp(`^30 2 \\* \\* \\* ${launcher} run --scheduled shop/nightly$`, 'm'));
  assert.match(table, /^\* \* \* \* \* \S+ tick$/m);
  const stored = readFileSync(world.spoolFile);
  assert.match(await ok('sync'), /nothing to do/);
  assert.ok(readFileSync(world.spoolFile).equals(stored), 'a second sync wrote again');
  await ok('plan', '--check');
}

/** Waits for cron's minute and the end of its runs; the runs of that minute. */
async function oneMinute({ path, json, server }: Rig): Promise<readonly RunView[]> {
  const fired = () => readdirSync(path).includes('foreign') && readFileSync(join(path, 'foreign'), 'latin1') !== '';
  await until('cron starts the line of others', fired, 75_000);
  const settled = async () => {
    const runs = await json<readonly RunView[]>('history');
    return runs.length >= 3 && runs.every(({ state }) => state !== 'running') && server.mails.length > 0;
  };
  await until('the runs of that minute have ended', settled);
  const firedAt = Number(readFileSync(join(path, 'foreign'), 'latin1').split('\n')[0]) * 1_000;
  const slot = firedAt - (firedAt % minute);
  const runs = await json<readonly RunView[]>('history');
  const ofSlot = runs.filter((run) => Date.parse(run.slot ?? '') === slot);
  assert.deepEqual(
    ofSlot.map(({ job }) => job).sort(),
    ['shop/flaky', 'shop/hello', 'shop/hopeless'],
    'one run for each job that was due in the minute in which cron started the others',
  );
  for (const run of ofSlot) assert.ok(Date.parse(run.startedAt) - slot < 20_000, `${run.job} started ${run.startedAt}`);
  return ofSlot;
}

async function tellTheSame({ json }: Rig, history: readonly RunView[]): Promise<void> {
  const facts = history.map(({ job, trigger, state, attempts, exitCode, reason, signal }) => {
    return { job, trigger, state, attempts, exitCode, reason, signal };
  });
  const common = { trigger: 'schedule', signal: null };
  assert.deepEqual(
    facts.sort((a, b) => a.job.localeCompare(b.job)),
    [
      { ...common, job: 'shop/flaky', state: 'succeeded', attempts: 3, exitCode: 0, reason: null },
      { ...common, job: 'shop/hello', state: 'succeeded', attempts: 1, exitCode: 0, reason: null },
      { ...common, job: 'shop/hopeless', state: 'failed', attempts: 2, exitCode: 9, reason: 'exited with status 9' },
    ],
  );
  const rows = await json<readonly JobRowView[]>('list');
  assert.equal(rows.find(({ job }) => job === 'shop/nightly')?.last, null);
  for (const run of history) {
    const log = await json<LogView>('logs', run.run);
    assert.deepEqual(log.run, run);
    assert.equal(log.attempts.length, run.attempts);
    const { runs } = await json<JobView>('show', run.job);
    assert.deepEqual(
      runs.find((one) => one.run === run.run),
      run,
    );
    const last = rows.find(({ job }) => job === run.job)?.last;
    assert.ok(last && Object.keys(last).length >= 5);
    assert.deepEqual(last, Object.fromEntries(Object.keys(last).map((name) => [name, run[name as keyof RunView]])));
  }
  const outputs = await Promise.all(history.map(async ({ job }) => [job, await outputOf(json, job)]));
  assert.deepEqual(Object.fromEntries(outputs), {
    'shop/flaky': '1 stdout attempt 1\n2 stdout attempt 2\n3 stdout attempt 3\n',
    'shop/hello': '1 stdout hello from shop/hello\n',
    'shop/hopeless': '1 stdout copying\n1 stderr disk full\n2 stdout copying\n2 stderr disk full\n',
  });
}

async function outputOf(json: Rig['json'], job: string): Promise<string> {
  const { output } = await json<LogView>('logs', job);
  return output.map(({ attempt, stream, text }) => `${attempt} ${stream} ${text}`).join('');
}

/** The mail about the one job that failed came over TLS, after the password. */
async function wroteOneMail({ server, json }: Rig, history: readonly RunView[]): Promise<void> {
  const failed = history.find(({ state }) => state === 'failed');
  const { told } = await json<LogView>('logs', failed?.run ?? '');
  assert.equal(told[0]?.state, 'sent');
  const [mail, ...more] = server.mails.filter(({ bytes }) => bytes.includes(failed?.run ?? ''));
  assert.deepEqual(more, []);
  assert.deepEqual(mail && { from: mail.from, to: mail.to, secure: mail.secure, user: mail.user }, {
    from: 'cron@shop.example',
    to: ['ops@shop.example'],
    secure: true,
    user: account.user,
  });
  const text = mail?.bytes.toString() ?? '';
  assert.match(text, /^Subject: .*shop\/hopeless failed: exited with status 9\r$/m);
  for (const fact of ['Copies the shop', 'disk full', '2 attempts']) assert.ok(text.includes(fact), fact);
}

/** The password is where its owner put it, and nowhere else. */
async function knowsNoPassword({ world, ok, server }: Rig): Promise<void> {
  assert.ok(server.passwords.includes(account.password), 'it was used');
  const state = join(world.varLib, 'cronwright');
  const entries = readdirSync(state, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const kept = entries.map(({ parentPath, name }) => readFileSync(join(parentPath, name)));
  assert.ok(
    kept.some((bytes) => bytes.includes('SMTP_PASSWORD')),
    'the state directory is where it was looked for',
  );
  const shown = ['show hopeless', 'logs hopeless', 'list', 'plan', 'show hopeless --json', 'logs hopeless --json'];
  const texts = await Promise.all(shown.map(async (line) => Buffer.from(await ok(...line.split(' ')))));
  const mails = server.mails.map(({ bytes }) => bytes);
  for (const form of [
    account.password,
    encodeURIComponent(account.password),
    Buffer.from(account.password).toString('base64'),
  ]) {
    for (const bytes of [...kept, ...texts, ...mails, readFileSync(world.spoolFile)]) {
      assert.ok(!bytes.includes(form), `${form} was found`);
    }
  }
}

/** What leaves the file leaves the table; with the last job everything of ours is gone. */
async function uninstalls({ world, path, ok, json }: Rig): Promise<void> {
  const file = join(path, 'jobs.yaml');
  const text = readFileSync(file, 'utf8');
  writeFile(path, 'jobs.yaml', text.replace(/^ {2}nightly:.*\n/m, ''));
  await ok('sync', '--yes');
  const table = await world.table();
  assert.doesNotMatch(table, /nightly/);
  assert.match(table, /shop\/hello/);
  assert.equal((await json<readonly JobRowView[]>('list')).length, 3);
  writeFile(path, 'jobs.yaml', text.replace(/^jobs:.*/ms, 'jobs: {}\n'));
  await ok('sync', '--yes');
  assert.equal(await world.table(), foreign(path));
  assert.deepEqual(await json('list'), []);
}
