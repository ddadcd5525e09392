import assert from 'node:assert/strict';
import { chmodSync, rmSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import type { FindingView } from '../../src/terminal/views.ts';
import { startServer } from '../notify/rig.ts';
import { writeFile } from '../temporary.ts';
import { newPlace, type Place } from './place.ts';
import { builtProgram } from './program.ts';

const launcher = builtProgram();

const job = 'jobs: { backup: { schedule: "* * * * *", command: "true" } }\n';

async function findingsOf(place: Place, ...words: readonly string[]): Promise<readonly FindingView[]> {
  return place.json<readonly FindingView[]>(['doctor', ...words]);
}

async function finding(place: Place, check: string, ...words: readonly string[]): Promise<FindingView | undefined> {
  return (await findingsOf(place, ...words)).find((one) => one.check === check);
}

describe('doctor', { concurrency: true }, () => {
  it('finds nothing wrong after a sync and a tick, and says which Node.js cron starts', async (t) => {
    const place = newPlace(t, launcher);
    await place.install(job);
    await place.cronwright(['tick']);
    const { status, out, err } = await place.cronwright(['doctor']);
    assert.deepEqual({ status, err }, { status: 0, err: '' }, out);
    assert.match(out, /^Jobs\n/m);
    assert.match(out, /^(?:everything is right|\d+ to look at)\n$/m);
    // The program of this test lies in /tmp, where it does not stay.
    const runtime = (await findingsOf(place)).filter(({ check }) => check === 'runtime');
    assert.match(runtime[0]?.message ?? '', /\/bin\/cronwright, and that is cleaned|Node\.js v\d+/);
  });

  it('ends with status 1 for a problem, and names what mends it', async (t) => {
    const place = newPlace(t, launcher);
    await place.install(job);
    rmSync(place.table);
    const { status, out } = await place.cronwright(['doctor']);
    assert.equal(status, 1, out);
    assert.match(out, /^BAD {3}.*table/m);
    assert.match(out, /→ .*cronwright sync/);
  });

  it('finds a jobs file that was changed since the sync', async (t) => {
    const place = newPlace(t, launcher);
    await place.install(job);
    assert.equal((await finding(place, 'jobs-file'))?.state, 'ok');
    place.jobs(job.replace('true', 'false'));
    const found = await finding(place, 'jobs-file');
    assert.equal(found?.state, 'warning');
    assert.match(found?.message ?? '', /was changed since the last sync of shop/);
  });

  it('finds a state directory that is open to others, where nothing can be read any more too', async (t) => {
    const place = newPlace(t, launcher);
    await place.install(job);
    chmodSync(place.state, 0o755);
    const found = await finding(place, 'state');
    assert.deepEqual([found?.state, found?.remedy], ['problem', `chmod 700 ${place.state}`]);
    chmodSync(place.state, 0o777);
    const { status, err } = await place.cronwright(['doctor']);
    assert.deepEqual({ status, err }, { status: 1, err: '' });
    assert.equal((await finding(place, 'state'))?.state, 'problem');
  });

  it('finds a variable that only the shell of the one who looks has', async (t) => {
    const place = newPlace(t, launcher);
    // In a container, whose table is a file, the variables of its process are those of the jobs.
    await place.install(
      'jobs: { backup: { schedule: "* * * * *", command: "true", env: { A: "${OF_THE_SHELL}" } } }\n',
    );
    assert.match((await finding(place, 'environment'))?.message ?? '', /OF_THE_SHELL.* is not set.*: shop\/backup$/);
    const env = { ...process.env, OF_THE_SHELL: 'set' };
    const { out } = await place.cronwright(['doctor', '--json'], { env });
    const found = (JSON.parse(out) as readonly FindingView[]).find(({ check }) => check === 'environment');
    assert.equal(found?.state, 'ok');
  });
});

describe('doctor --send-test-mail', { concurrency: true }, () => {
  /** A project that mails through this server, with a login from an env-file. */
  function withMail(t: TestContext, port: number): Place {
    const place = newPlace(t, launcher);
    writeFile(place.path, 'mail.env', 'WHO=nobody\n', 0o600);
    place.jobs(
      `env-file: mail.env\nmail: { from: cron@shop.example, to: ops@shop.example, smtp: "smtp://127.0.0.1:${port}" }\n${job}`,
    );
    return place;
  }

  const install = (place: Place) => place.cronwright(['sync', '--target', `file:${place.table}`]);

  it('sends one mail to whom the project names, or to the address that is given', async (t) => {
    const server = await startServer(t);
    const place = withMail(t, server.port);
    await install(place);
    await findingsOf(place);
    assert.equal(server.mails.length, 0, 'without the option nothing is sent');
    assert.equal((await finding(place, 'test-mail', '--send-test-mail'))?.state, 'ok');
    const toAnn = await finding(place, 'test-mail', '--send-test-mail', 'ann@shop.example');
    assert.match(toAnn?.message ?? '', /to ann@shop\.example was taken by the mail server/);
    assert.deepEqual(
      server.mails.map(({ to }) => to),
      [['ops@shop.example'], ['ann@shop.example']],
    );
    assert.match(String(server.mails[0]?.bytes), /^Subject: .*test of the mail of shop/m);
  });

  it('says why a mail was not sent, with status 1, and leaves none in the outbox', async (t) => {
    const server = await startServer(t, { onRcptTo: (_address, _session, done) => done(new Error('no such user')) });
    const place = withMail(t, server.port);
    await install(place);
    const { status, out } = await place.cronwright(['doctor', '--send-test-mail']);
    assert.equal(status, 1);
    assert.match(out.replace(/\s+/g, ' '), /the test mail of shop to ops@shop\.example was not sent: .*no such user/);
    assert.equal((await finding(place, 'mail'))?.message, 'no mail waits to be sent');
  });

  it('takes no word for an address that is none', async (t) => {
    const place = newPlace(t, launcher);
    const { status, err } = await place.cronwright(['doctor', '--send-test-mail', 'ops']);
    assert.equal(status, 2);
    assert.match(err, /found --send-test-mail ops, expected a mail address/);
  });
});
