import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { sendMail } from '../../src/notify/mail.ts';
import { account, dispatchTo, refusal, startRawServer, startServer } from './rig.ts';

const variables = { MAIL_USER: account.user, MAIL_PASSWORD: account.password };
/** Milliseconds after which a test's own server counts as silent. */
const short = 200;

test('A relay on this machine takes a letter without TLS and without a password', async (context) => {
  const server = await startServer(context, { hideSTARTTLS: true });
  assert.deepEqual(await sendMail(dispatchTo(`smtp://127.0.0.1:${server.port}`)), { ok: true, refused: [] });
  const [mail] = server.mails;
  assert.deepEqual(
    { ...mail, bytes: undefined },
    { from: 'cron@shop.example', to: ['ops@shop.example'], secure: false, user: undefined, bytes: undefined },
  );
});

test('A letter sent twice is the same mail, byte for byte', async (context) => {
  const server = await startServer(context, { hideSTARTTLS: true });
  const dispatch = dispatchTo(`smtp://127.0.0.1:${server.port}`);
  await sendMail(dispatch);
  await sendMail(dispatch);
  assert.equal(server.mails.length, 2);
  assert.deepEqual(server.mails[0]?.bytes, server.mails[1]?.bytes);
});

test('A password stays here where another host offers no STARTTLS', async (context) => {
  const server = await startServer(context, { hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
  const url = `smtp://\${MAIL_USER}:\${MAIL_PASSWORD}@0.0.0.0:${server.port}`;
  const delivery = await sendMail(dispatchTo(url, { variables }));
  assert.ok(!delivery.ok && delivery.retry);
  assert.match(delivery.reason, /^0\.0\.0\.0:\d+ offers no STARTTLS, and without it no password is sent/);
  assert.deepEqual(server.passwords, []);
  assert.deepEqual(server.mails, []);
});

test('An administrator may allow a password without encryption', async (context) => {
  const server = await startServer(context, { hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
  const url = `smtp://\${MAIL_USER}:\${MAIL_PASSWORD}@0.0.0.0:${server.port}?tls=optional`;
  assert.deepEqual(await sendMail(dispatchTo(url, { variables })), { ok: true, refused: [] });
  assert.equal(server.mails[0]?.user, account.user);
});

test('A wrong password is worth another try, and stands in no word of the answer', async (context) => {
  const server = await startServer(context, { hideSTARTTLS: true });
  const password = 'hunter2 @:/';
  const url = `smtp://\${MAIL_USER}:\${MAIL_PASSWORD}@127.0.0.1:${server.port}`;
  const delivery = await sendMail(dispatchTo(url, { variables: { ...variables, MAIL_PASSWORD: password } }));
  assert.deepEqual(server.passwords, [password]);
  // The test's server repeats the password in its answer, as real ones have done.
  const reason = `127.0.0.1:${server.port} refused the login of cron@shop: 535 5.7.8 wrong: ***`;
  assert.deepEqual(delivery, { ok: false, retry: true, reason });
});

const echoes = [
  ['as it is', (password: string) => password],
  ['in base64', (password: string) => Buffer.from(password).toString('base64')],
  ['as AUTH PLAIN', (password: string) => Buffer.from(`\0${account.user}\0${password}`).toString('base64')],
  ['percent-encoded', (password: string) => encodeURIComponent(password)],
] as const;
for (const [form, echo] of echoes) {
  test(`A server that refuses a recipient and shows the password ${form} is not quoted with it`, async (context) => {
    const server = await startServer(context, {
      hideSTARTTLS: true,
      onRcptTo: (_address, _session, done) => done(refusal(550, `no, not <${echo(account.password)}>`)),
    });
    const url = `smtp://\${MAIL_USER}:\${MAIL_PASSWORD}@127.0.0.1:${server.port}`;
    const delivery = await sendMail(dispatchTo(url, { variables }));
    const reason = `127.0.0.1:${server.port} answered 550 no, not <***>`;
    assert.deepEqual(delivery, { ok: false, retry: false, reason });
  });
}

test('A server without logins is told of a user all the same, and its answer is reported', async (context) => {
  const server = await startServer(context, { hideSTARTTLS: true, disabledCommands: ['AUTH', 'STARTTLS'] });
  const url = `smtp://\${MAIL_USER}:\${MAIL_PASSWORD}@127.0.0.1:${server.port}`;
  const delivery = await sendMail(dispatchTo(url, { variables }));
  assert.ok(!delivery.ok && delivery.retry);
  assert.match(delivery.reason, /refused the login of cron@shop: 5\d\d /);
});

/** What a server answers at a step, and whether another try may help. */
const answers = [
  ['onConnect', 554, true],
  ['onConnect', 421, true],
  ['onMailFrom', 530, true],
  ['onMailFrom', 451, true],
  ['onMailFrom', 550, false],
  ['onRcptTo', 450, true],
  ['onRcptTo', 550, false],
  ['onData', 452, true],
  ['onData', 554, false],
] as const;
for (const [step, code, retry] of answers) {
  test(`After ${code} from ${step}, another try ${retry ? 'may help' : 'is useless'}`, async (context) => {
    const error = refusal(code, 'because');
    const server = await startServer(context, {
      hideSTARTTLS: true,
      ...(step === 'onConnect' && { onConnect: (_session, done) => done(error) }),
      ...(step === 'onMailFrom' && { onMailFrom: (_address, _session, done) => done(error) }),
      ...(step === 'onRcptTo' && { onRcptTo: (_address, _session, done) => done(error) }),
      ...(step === 'onData' && { onData: (stream, _session, done) => stream.resume().on('end', () => done(error)) }),
    });
    const delivery = await sendMail(dispatchTo(`smtp://127.0.0.1:${server.port}`));
    const reason = `127.0.0.1:${server.port} answered ${code} because`;
    assert.deepEqual(delivery, { ok: false, retry, reason });
  });
}

test('A letter that reaches some of its recipients is sent, and the others are named', async (context) => {
  const server = await startServer(context, {
    hideSTARTTLS: true,
    onRcptTo: ({ address }, _session, done) => done(address.startsWith('gone') ? refusal(550, 'no such user') : null),
  });
  const to = ['gone@shop.example', 'ops@shop.example'];
  const delivery = await sendMail(dispatchTo(`smtp://127.0.0.1:${server.port}`, { to }));
  assert.deepEqual(delivery, { ok: true, refused: ['gone@shop.example: 550 no such user'] });
  assert.deepEqual(server.mails[0]?.to, ['ops@shop.example']);
});

/** Says everything but its last word, so that no pause between two bytes is long. */
function trickle(socket: Socket): void {
  socket.write('220 hello\r\n');
  socket.once('data', () => {
    const timer = setInterval(() => socket.write('250-more\r\n'), 10);
    socket.once('close', () => clearInterval(timer));
  });
}

const silences: readonly (readonly [string, (socket: Socket) => void])[] = [
  ['says nothing at all', (socket) => void socket.resume()],
  ['greets and then says nothing', (socket) => void socket.resume().write('220 hello\r\n')],
  ['never ends its answer', trickle],
];
for (const [what, serve] of silences) {
  test(`A server that ${what} is left after the timeout`, async (context) => {
    const port = await startRawServer(context, serve);
    const delivery = await sendMail(dispatchTo(`smtp://127.0.0.1:${port}`, { timeout: short }));
    assert.deepEqual(delivery, { ok: false, retry: true, reason: `127.0.0.1:${port} did not answer within 200 ms` });
  });
}

test('A server that hangs up is worth another try', async (context) => {
  const port = await startRawServer(context, (socket) => socket.destroy());
  const delivery = await sendMail(dispatchTo(`smtp://127.0.0.1:${port}`));
  assert.ok(!delivery.ok && delivery.retry);
  assert.ok(delivery.reason.startsWith(`127.0.0.1:${port}: `), delivery.reason);
});

test('A host that nobody serves is worth another try', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  const delivery = await sendMail(dispatchTo(`smtp://127.0.0.1:${port}`));
  const reason = `127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}`;
  assert.deepEqual(delivery, { ok: false, retry: true, reason });
});

test('A host that does not exist is worth another try', async () => {
  const delivery = await sendMail(dispatchTo('smtp://mail.invalid', { timeout: 2_000 }));
  assert.ok(!delivery.ok && delivery.retry);
  assert.match(delivery.reason, /mail\.invalid/);
});

test('A setting that cannot be read is a failure with its remedy, worth another try once it is mended', async () => {
  const unset = await sendMail(dispatchTo('smtp://cron:${MAIL_PASSWORD}@mail.example'));
  assert.deepEqual(unset, {
    ok: false,
    retry: true,
    reason: '${MAIL_PASSWORD} is not set; set MAIL_PASSWORD in an env-file: that the job or the file names',
  });
  const unread = await sendMail(dispatchTo('smtp://mail.example?ca=/no/such.pem'));
  assert.ok(!unread.ok && unread.retry);
  assert.match(unread.reason, /^cannot read the certificates that ca= names: ENOENT/);
});
