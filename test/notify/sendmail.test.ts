import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sendMail } from '../../src/notify/mail.ts';
import { isAlive, lacking, until } from '../run/rig.ts';
import { temporaryDirectory } from '../temporary.ts';
import { dispatchTo, mailProgram, refusal, startServer } from './rig.ts';

const directory = temporaryDirectory();
process.env.MAIL_DIRECTORY = directory;

function through(...argv: readonly [string, ...string[]]) {
  return dispatchTo({ kind: 'sendmail', argv });
}

function written(name: string): string {
  return readFileSync(join(directory, name), 'utf8');
}

/** The process id that a program writes into a file. */
async function pidIn(path: string): Promise<number> {
  let pid = 0;
  await until(`a process id is in ${path}`, () => {
    try {
      pid = Number(readFileSync(path, 'utf8'));
    } catch {
      return false;
    }
    return pid > 0;
  });
  return pid;
}

test('A program takes the message on standard input, with the line ends of a text', async () => {
  const delivery = await sendMail(through(mailProgram('stores-message')));
  assert.deepEqual(delivery, { ok: true, refused: [] });
  const message = written('message');
  assert.match(message, /^To: ops@shop\.example$/m);
  assert.match(message, /^Message-ID: <run1\.failed@db1\.cronwright>$/m);
  assert.match(message, /\n\nIt failed\.\n$/);
  assert.ok(!message.includes('\r'));
});

test('A program without arguments is told to read the recipients from the message', async () => {
  await sendMail(through(mailProgram('stores-message')));
  assert.equal(written('arguments'), '-i\n-t\n');
});

test('A program with arguments gets these and no others, without a shell', async () => {
  await sendMail(through(mailProgram('stores-message'), '-f', '$HOME;a b'));
  assert.equal(written('arguments'), '-f\n$HOME;a b\n');
});

test('A program that fails is quoted on one safe line, and tried again', async () => {
  const program = mailProgram('refuses');
  const reason = `${program} exited with status 75: first red complaint second complaint`;
  assert.deepEqual(await sendMail(through(program, '75')), { ok: false, retry: true, reason });
});

for (const status of ['65', '67']) {
  test(`A program that exits with ${status} is not tried again`, async () => {
    const delivery = await sendMail(through(mailProgram('refuses'), status));
    assert.ok(!delivery.ok && !delivery.retry);
  });
}

test('A program that does not read its input is judged by its exit status', async () => {
  const letter = { subject: 'long', text: 'x\n'.repeat(500_000) };
  assert.deepEqual(await sendMail({ ...through(mailProgram('refuses'), '0'), letter }), { ok: true, refused: [] });
});

test('A program that hangs is killed together with its children', async () => {
  const program = mailProgram('hangs');
  const path = join(directory, 'hanging-pid');
  const delivery = await sendMail({ ...through(program, path), timeout: 2_000 });
  const reason = `${program} took longer than 2 seconds and was ended`;
  assert.deepEqual(delivery, { ok: false, retry: true, reason });
  const pid = await pidIn(path);
  await until('the child is gone', () => !isAlive(pid));
});

test('A program is done when it has ended, whatever it leaves behind', async (context) => {
  const path = join(directory, 'left-pid');
  const delivery = await sendMail(through(mailProgram('leaves-a-child'), path));
  const pid = await pidIn(path);
  context.after(() => process.kill(pid, 'SIGKILL'));
  assert.deepEqual(delivery, { ok: true, refused: [] });
  assert.ok(isAlive(pid));
});

test('A program that a signal ended is tried again', async () => {
  const delivery = await sendMail(through('/bin/sh', '-c', 'kill -SEGV $$'));
  assert.deepEqual(delivery, { ok: false, retry: true, reason: '/bin/sh was ended by SIGSEGV' });
});

const absent: readonly (readonly [string, string])[] = [
  ['no-such-program', 'it was not found; name it with its full path, such as /usr/sbin/sendmail'],
  ['/etc/passwd', 'it may not be executed'],
  ['/bin/nul\0byte', 'there is a NUL byte in its name or its arguments'],
];
for (const [file, problem] of absent) {
  test(`${JSON.stringify(file)} cannot be started, which people mend: ${problem}`, async () => {
    const delivery = await sendMail(through(file));
    assert.ok(!delivery.ok && delivery.retry);
    assert.ok(delivery.reason.endsWith(` could not be started: ${problem}`), delivery.reason);
  });
}

const msmtp = { skip: lacking('msmtp') };

test('msmtp takes a letter and hands it to a server', msmtp, async (context) => {
  const server = await startServer(context, { hideSTARTTLS: true });
  const words = ['--host=127.0.0.1', `--port=${server.port}`, '--from=cron@shop.example', '-t'];
  assert.deepEqual(await sendMail(through('/usr/bin/msmtp', ...words)), { ok: true, refused: [] });
  assert.deepEqual(server.mails[0]?.to, ['ops@shop.example']);
  assert.match(server.mails[0]?.bytes.toString() ?? '', /^Auto-Submitted: auto-generated\r$/m);
});

const msmtpAnswers = [
  [450, true],
  [550, false],
] as const;
for (const [code, retry] of msmtpAnswers) {
  test(`A ${code} that msmtp reports is ${retry ? 'tried again' : 'final'}`, msmtp, async (context) => {
    const server = await startServer(context, {
      hideSTARTTLS: true,
      onRcptTo: (_address, _session, done) => done(refusal(code, 'because')),
    });
    const words = ['--host=127.0.0.1', `--port=${server.port}`, '--from=cron@shop.example', '-t'];
    const delivery = await sendMail(through('/usr/bin/msmtp', ...words));
    assert.ok(!delivery.ok);
    assert.match(delivery.reason, /because/);
    assert.equal(delivery.retry, retry);
  });
}
