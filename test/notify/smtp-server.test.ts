import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UserError } from '../../src/errors.ts';
import { readSmtpServer, type SmtpServer } from '../../src/notify/smtp-server.ts';

const plain: SmtpServer = {
  host: 'mail.example',
  port: 25,
  implicitTls: false,
  tls: 'optional',
  ca: undefined,
  login: undefined,
};
const login = { user: 'cron', password: 's3cret' };

const servers: readonly (readonly [string, Partial<SmtpServer>])[] = [
  ['smtp://mail.example', {}],
  ['smtp://mail.example:2525/', { port: 2525 }],
  ['smtp://cron:s3cret@mail.example', { port: 587, tls: 'verified', login }],
  ['smtp://cron:s3cret@mail.example:25', { tls: 'verified', login }],
  ['smtp://cron:s3cret@mail.example?tls=optional', { port: 587, login }],
  ['smtp://cron:s3cret@mail.example?tls=unverified', { port: 587, tls: 'unverified', login }],
  ['smtps://mail.example', { port: 465, implicitTls: true, tls: 'verified' }],
  ['smtps://cron:s3cret@mail.example?tls=unverified', { port: 465, implicitTls: true, tls: 'unverified', login }],
  ['smtp://mail.example?ca=/etc/ssl/own.pem', { tls: 'verified', ca: '/etc/ssl/own.pem' }],
  ['smtp://mail.example?tls=verified', { tls: 'verified' }],
  ['smtp://cron:s3cret@localhost', { host: 'localhost', port: 587, login }],
  ['smtp://cron:s3cret@127.0.0.2', { host: '127.0.0.2', port: 587, login }],
  ['smtp://cron:s3cret@[::1]:26', { host: '::1', port: 26, login }],
  ['smtp://cron:s3cret@127.evil.example', { host: '127.evil.example', port: 587, tls: 'verified', login }],
  ['smtp://cron:p%40ss@mail.example', { port: 587, tls: 'verified', login: { user: 'cron', password: 'p@ss' } }],
  ['smtp://${USER}:${PASS}@mail.example', { port: 587, tls: 'verified', login: { user: 'a@b', password: 'p@:/?#%' } }],
  ['smtp://${HOST}:${PORT}', { host: 'relay.example', port: 2526 }],
  ['smtp://cron:$${x}@mail.example', { port: 587, tls: 'verified', login: { user: 'cron', password: '${x}' } }],
];
const variables = { USER: 'a@b', PASS: 'p@:/?#%', HOST: 'relay.example', PORT: '2526' };
for (const [written, differences] of servers) {
  test(`${written} is understood`, () => {
    assert.deepEqual(readSmtpServer(written, variables), { ...plain, ...differences });
  });
}

test('A password from a variable is taken as it is, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (password) => {
      const server = readSmtpServer('smtp://cron:${PASS}@mail.example', { PASS: password });
      assert.deepEqual(server, { ...plain, port: 587, tls: 'verified', login: { user: 'cron', password } });
    }),
  );
});

const mistakes: readonly (readonly [string, RegExp])[] = [
  ['smtp://cron:hunter2@', /no address of a server/],
  ['smtp://cron:hunter/2@mail.example', /no address of a server/],
  ['smtp://cron:hunter2@mail.example:port', /no address of a server/],
  ['smtp://cron:hunter2@mail.example:0', /no address of a server/],
  ['smtp://cron:hunter%2@mail.example', /begins no percent-encoded character/],
  ['smtp://hunter2@mail.example', /both a user and a password/],
  ['smtp://:hunter2@mail.example', /both a user and a password/],
  ['smtp://mail.example/hunter2', /a path after the host/],
  ['smtp://mail.example?hunter2=x', /neither tls= nor ca=/],
  ['smtp://mail.example?tls=hunter2', /tls= to be verified, unverified, optional/],
  ['smtp://mail.example?ca=hunter2', /ca= to be an absolute path/],
  ['smtps://cron:hunter2@mail.example?tls=optional', /contradict each other/],
  ['smtp://cron:${MISSING}@mail.example', /MISSING\} is not set/],
  ['smtp://cron:hunter2${MISSING}@mail.example', /MISSING\} is not set/],
];
for (const [written, message] of mistakes) {
  test(`${written} is refused without repeating what may be secret`, () => {
    assert.throws(
      () => readSmtpServer(written, {}),
      (error) => {
        assert.ok(error instanceof UserError);
        assert.match(error.message, message);
        assert.doesNotMatch(`${error.message}${error.hint}${error.stack}`, /hunter/);
        return true;
      },
    );
  });
}
