import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { FindingView, LogView, RunView } from '../../src/terminal/views.ts';
import { mailProgram, startRawServer, startServer } from '../notify/rig.ts';
import { newPlace, type Place } from './place.ts';
import { builtProgram, clockMovedBy, run } from './program.ts';

const launcher = builtProgram();

/** A job that fails, in a project that tells by mail. */
function failing(mail: string): string {
  return `mail: { from: cron@shop.example, to: [ops@shop.example], ${mail} }
jobs:
  backup: { schedule: "* * * * *", command: "echo disk full; exit 3" }
`;
}

const smtp = (port: number) => `smtp: "smtp://127.0.0.1:${port}"`;

/** A port that nothing listens on. */
function closedPort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Starts the job as cron does. */
const asCron = (place: Place, job = 'shop/backup') =>
  place.cronwright(['run', '--scheduled', job], { env: { PATH: '/usr/bin:/bin', HOME: place.path } });

async function mailCheck(place: Place): Promise<FindingView | undefined> {
  const findings = await place.json<readonly FindingView[]>(['doctor']);
  return findings.find(({ check }) => check === 'mail');
}

/** A minute later: a mail that was refused is due again. */
const later = { also: clockMovedBy(90_000) };

describe('a mail server that is down', { concurrency: true }, () => {
  it('changes nothing about the run, and its mail waits until the next tick after it is up', async (t) => {
    const place = newPlace(t, launcher);
    const port = await closedPort();
    await place.install(failing(smtp(port)));
    const ended = await asCron(place);
    assert.deepEqual(ended, { status: 3, out: '', err: '' });
    await theMailWaits(place, port);

    assert.equal((await place.cronwright(['tick'])).status, 0, 'too early for another try');
    const server = await startServer(t, { name: 'late' });
    await place.install(failing(smtp(server.port)));
    assert.equal(server.mails.length, 0);
    for (let ticks = 0; ticks < 3; ticks++) {
      assert.deepEqual(await place.cronwright(['tick'], later), { status: 0, out: '', err: '' });
    }
    assert.deepEqual(
      server.mails.map(({ to }) => to),
      [['ops@shop.example']],
    );
    assert.match(String(server.mails.map(({ bytes }) => bytes)), /shop\/backup failed: exited with status 3/);
    const { told } = await place.json<LogView>(['logs', 'backup']);
    assert.equal(told[0]?.state, 'sent');
    assert.equal((await mailCheck(place))?.state, 'ok');
  });

  async function theMailWaits(place: Place, port: number): Promise<void> {
    const log = await place.json<LogView>(['logs', 'backup']);
    assert.equal(log.run.state, 'failed');
    assert.equal(log.run.exitCode, 3);
    assert.equal(log.told.length, 1);
    assert.equal(log.told[0]?.state, 'waiting');
    assert.match(log.told[0]?.error ?? '', new RegExp(`127\\.0\\.0\\.1:${port}`));
    const { out } = await place.cronwright(['logs', 'backup']);
    assert.match(out, /mail to ops@shop\.example waits in the outbox: .*ECONNREFUSED/);
    const check = await mailCheck(place);
    assert.notEqual(check?.state, 'ok');
    assert.match(check?.message ?? '', /wait to be sent: 1.*ECONNREFUSED/);
  }

  it('is asked again by the next run that has something to tell', async (t) => {
    const place = newPlace(t, launcher);
    const server = await startServer(t);
    await place.install(failing(smtp(await closedPort())));
    await asCron(place);
    await place.install(failing(smtp(server.port)));
    await place.cronwright(['run', '--scheduled', 'shop/backup'], later);
    const subjects = server.mails.map(({ bytes }) => /^Message-ID: (.*)$/im.exec(bytes.toString())?.[1]);
    assert.equal(subjects.length, 2);
    assert.equal(new Set(subjects).size, 2, 'one mail for each run');
  });

  it('that answers nothing holds up neither the task nor its record', async (t) => {
    const place = newPlace(t, launcher);
    const seen = Promise.withResolvers<Socket>();
    const port = await startRawServer(t, seen.resolve);
    await place.install(failing(smtp(port)));
    const wrapper = place.start(['run', '--scheduled', 'shop/backup']);
    const socket = await Promise.race([seen.promise, wrapper.ended]);
    assert.ok('destroy' in socket, 'the wrapper ended without asking the server');
    // The wrapper still waits for the server's greeting; the run is long over for everybody else.
    const [run] = await place.json<readonly RunView[]>(['history', 'backup']);
    assert.equal(wrapper.process.exitCode, null);
    assert.equal(run?.state, 'failed');
    assert.equal(run?.exitCode, 3);
    socket.destroy();
    const { status, err } = await wrapper.ended;
    assert.deepEqual({ status, err }, { status: 3, err: '' });
    const { told } = await place.json<LogView>(['logs', 'backup']);
    assert.equal(told[0]?.state, 'waiting');
  });

  it('may refuse for good: the mail is given up, and its words reach standard error', async (t) => {
    const place = newPlace(t, launcher);
    const refuse = Object.assign(new Error('no such user'), { responseCode: 550 });
    const server = await startServer(t, { onRcptTo: (_address, _session, done) => done(refuse) });
    await place.install(failing(smtp(server.port)));
    const { status, err } = await asCron(place);
    assert.equal(status, 3);
    assert.match(err, /could not be sent and was given up: .*550/);
    assert.match(err, /shop\/backup on .* exited with status 3/);
    assert.match((await mailCheck(place))?.message ?? '', /given up/);
  });
});

describe('a mail program', { concurrency: true }, () => {
  it('takes the message on standard input, with the recipients in its headers', async (t) => {
    const place = newPlace(t, launcher);
    const program = `sendmail: [env, "MAIL_DIRECTORY=${place.path}", "${mailProgram('stores-message')}", -i, -t]`;
    await place.install(failing(program));
    assert.deepEqual(await asCron(place), { status: 3, out: '', err: '' });
    const message = readFileSync(join(place.path, 'message'), 'utf8');
    assert.match(message, /^To: ops@shop\.example$/m);
    assert.match(message, /^Subject: .*shop\/backup failed/m);
    assert.doesNotMatch(message, /\r/);
    assert.equal(readFileSync(join(place.path, 'arguments'), 'utf8'), '-i\n-t\n');
  });

  it('is handed a letter whose commands find the state directory, also after a start by hand', async (t) => {
    const place = newPlace(t, launcher);
    const program = `sendmail: [env, "MAIL_DIRECTORY=${place.path}", "${mailProgram('stores-message')}", -i, -t]`;
    await place.install(failing(program));
    await place.cronwright(['run', 'backup']);
    const message = readFileSync(join(place.path, 'message'), 'utf8').replaceAll('=\n', '');
    assert.ok(message.includes(`--state ${place.state} logs `), message);
  });

  it('that fails leaves the mail in the outbox', async (t) => {
    const place = newPlace(t, launcher);
    await place.install(failing(`sendmail: ["${mailProgram('refuses')}", "75"]`));
    assert.deepEqual(await asCron(place), { status: 3, out: '', err: '' });
    const { told } = await place.json<LogView>(['logs', 'backup']);
    assert.equal(told[0]?.state, 'waiting');
    assert.match(told[0]?.error ?? '', /exited with status 75: .*second complaint/);
  });
});

describe('without mail', { concurrency: true }, () => {
  const jobs = failing('').replace(/^mail:.*\n/, '');

  it('a short report goes to standard error, for cron to mail', async (t) => {
    const place = newPlace(t, launcher);
    await place.install(jobs);
    const { status, out, err } = await asCron(place);
    assert.deepEqual({ status, out }, { status: 3, out: '' });
    const lines = err.trimEnd().split('\n');
    assert.match(lines[0] ?? '', /^shop\/backup on \S+ exited with status 3\.$/);
    assert.ok(lines.length <= 8, err);
    assert.match(err, /\| disk full$/m);
    const [, typed = ''] = /^ {2}(.* logs \S+)$/m.exec(err) ?? [];
    assert.notEqual(typed, '', err);
    const { status: shown, out: log } = await placeShell(place, typed);
    assert.equal(shown, 0, 'the command that the report names works');
    assert.match(log, /disk full/);
  });

  /** Types a command as a person would. */
  function placeShell(place: Place, typed: string) {
    const script = join(place.path, 'typed');
    writeFileSync(script, `${typed}\n`);
    return run(['sh', script]);
  }

  it('a success says nothing at all', async (t) => {
    const place = newPlace(t, launcher);
    await place.install('jobs: { hello: { schedule: "* * * * *", command: echo hello } }\n');
    assert.deepEqual(await asCron(place, 'shop/hello'), { status: 0, out: '', err: '' });
  });

  it('a run by hand shows the output and the outcome, once', async (t) => {
    const place = newPlace(t, launcher);
    await place.install(jobs);
    const { status, out, err } = await place.cronwright(['run', 'backup']);
    assert.deepEqual({ status, out }, { status: 3, out: 'disk full\n' });
    assert.match(err, /^shop\/backup failed after .*: it exited with status 3 \(run [0-9a-z]{13}\)$/m);
    assert.doesNotMatch(err, /on .* exited/);
  });
});
