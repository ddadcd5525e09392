import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import type { SMTPServerOptions } from 'smtp-server';
import { sendMail } from '../../src/notify/mail.ts';
import { lacking } from '../run/rig.ts';
import { temporaryDirectory } from '../temporary.ts';
import { account, type Certificates, dispatchTo, makeCertificates, startServer } from './rig.ts';

const directory = temporaryDirectory();
const variables = { MAIL_USER: account.user, MAIL_PASSWORD: account.password };
const login = '${MAIL_USER}:${MAIL_PASSWORD}';

describe('TLS', { skip: lacking('openssl') }, () => {
  let own: Certificates;
  let systems: Certificates;
  let foreign: Certificates;

  before(() => {
    own = makeCertificates(directory, 'own');
    systems = makeCertificates(directory, 'systems');
    foreign = makeCertificates(directory, 'foreign');
    // Where OpenSSL looks for what the system trusts; Node reads it once, at its first use.
    process.env.SSL_CERT_FILE = systems.ca;
  });

  function certified({ key, cert }: Certificates): SMTPServerOptions {
    return { key: readFileSync(key), cert: readFileSync(cert), authOptional: false, allowInsecureAuth: false };
  }

  test('A letter goes by STARTTLS and a password with any characters, trusting a private authority', async (context) => {
    const server = await startServer(context, certified(own));
    const url = `smtp://${login}@0.0.0.0:${server.port}?ca=${own.ca}`;
    assert.deepEqual(await sendMail(dispatchTo(url, { variables })), { ok: true, refused: [] });
    assert.equal(server.mails[0]?.secure, true);
    assert.equal(server.mails[0]?.user, account.user);
    assert.deepEqual(server.passwords, [account.password]);
  });

  test('A letter goes over TLS from the first byte', async (context) => {
    const server = await startServer(context, { ...certified(own), secure: true });
    const url = `smtps://${login}@localhost:${server.port}?ca=${own.ca}`;
    assert.deepEqual(await sendMail(dispatchTo(url, { variables })), { ok: true, refused: [] });
    assert.equal(server.mails[0]?.secure, true);
  });

  test('An authority that the system trusts needs no ca=', async (context) => {
    const server = await startServer(context, certified(systems));
    const url = `smtp://${login}@0.0.0.0:${server.port}`;
    assert.deepEqual(await sendMail(dispatchTo(url, { variables })), { ok: true, refused: [] });
  });

  for (const scheme of ['smtp', 'smtps']) {
    test(`No password goes to a server of ${scheme}: whose certificate nobody trusts`, async (context) => {
      const server = await startServer(context, { ...certified(foreign), secure: scheme === 'smtps' });
      for (const query of ['', `?ca=${own.ca}`]) {
        const url = `${scheme}://${login}@0.0.0.0:${server.port}${query}`;
        const delivery = await sendMail(dispatchTo(url, { variables }));
        assert.ok(!delivery.ok && delivery.retry);
        assert.match(delivery.reason, /^no trusted TLS connection to 0\.0\.0\.0:\d+: .*certificate/);
      }
      assert.deepEqual(server.passwords, []);
    });

    test(`An administrator may take any certificate of a server of ${scheme}:`, async (context) => {
      const server = await startServer(context, { ...certified(foreign), secure: scheme === 'smtps' });
      const url = `${scheme}://${login}@0.0.0.0:${server.port}?tls=unverified`;
      assert.deepEqual(await sendMail(dispatchTo(url, { variables })), { ok: true, refused: [] });
      assert.equal(server.mails[0]?.secure, true);
    });
  }

  test('A certificate for another name is not trusted', async (context) => {
    const server = await startServer(context, certified(own));
    const url = `smtp://${login}@127.0.0.2:${server.port}?ca=${own.ca}`;
    const delivery = await sendMail(dispatchTo(url, { variables }));
    assert.ok(!delivery.ok);
    assert.match(delivery.reason, /^no trusted TLS connection .*altnames/);
    assert.deepEqual(server.passwords, []);
  });

  test('A relay without a password may show any certificate, and is talked to in TLS', async (context) => {
    const server = await startServer(context, { ...certified(foreign), authOptional: true });
    assert.deepEqual(await sendMail(dispatchTo(`smtp://127.0.0.1:${server.port}`)), { ok: true, refused: [] });
    assert.equal(server.mails[0]?.secure, true);
  });
});
