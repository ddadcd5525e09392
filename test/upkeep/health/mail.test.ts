import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { crons } from '../../../src/crontab/cron/crons.ts';
import type { MailSettings } from '../../../src/job/job.ts';
import type { ProjectSettings, Revision } from '../../../src/store/registry.ts';
import { mailSettings } from '../../../src/upkeep/health/mail.ts';
import { triedMail } from '../../../src/upkeep/health/test-mail.ts';
import { mailProgram, refusal, startServer } from '../../notify/rig.ts';
import { morning, newPath, settingsOf } from '../../store/rig.ts';
import { writeFile } from '../../temporary.ts';
import { newRoot, verdict } from './rig.ts';

function revision(changes: Partial<ProjectSettings>): Revision {
  const about = { id: 1, project: 'shop' as never, file: '', createdAt: morning, createdBy: 'ann' };
  return { ...about, settings: settingsOf(changes) };
}

function mailThrough(
  transport: MailSettings['transport'],
  to: MailSettings['to'] = ['ops@shop.example'],
): MailSettings {
  return { from: 'cron@shop.example', to, transport };
}

const smtp = (url: string) => mailThrough({ kind: 'smtp', url });
const world = { variables: { PATH: '/usr/bin:/bin' }, user: 'ann', cron: crons.debian };

suite('the mail of a project', () => {
  test('leaves through its server, with a password of an env-file', (t) => {
    const folder = newPath(t);
    mkdirSync(folder, { mode: 0o700 });
    const envFiles = [writeFile(folder, 'mail.env', 'SMTP_PASSWORD=hidden\n', 0o600)];
    const mail = smtp('smtp://cron:${SMTP_PASSWORD}@mail.example.org:587');
    const found = mailSettings(revision({ mail, envFiles }), world);
    assert.deepEqual(verdict(found), ['ok', 'shop sends its mail through mail.example.org, port 587']);
    const unset = mailSettings(revision({ mail }), world);
    assert.match(unset.message, /^the mail of shop cannot be sent: .*SMTP_PASSWORD.* is not set$/);
  });

  test('cannot leave where an env-file is gone or the address is none', () => {
    const gone = mailSettings(revision({ mail: smtp('smtp://localhost'), envFiles: ['/nowhere/mail.env'] }), world);
    assert.match(gone.message, /cannot read the env-file/);
    assert.equal(mailSettings(revision({ mail: smtp('smtp://localhost/path') }), world).state, 'problem');
  });

  test('leaves through a program that is there, for cron too', (t) => {
    const program = (name: string) => mailThrough({ kind: 'sendmail', argv: [name, '-t'] });
    const there = mailProgram('stores-message');
    assert.equal(mailSettings(revision({ mail: program(there) }), world).state, 'ok');
    assert.equal(mailSettings(revision({ mail: program('/nowhere/sendmail') }), world).state, 'problem');
    const folder = newPath(t);
    mkdirSync(folder);
    writeFile(folder, 'own-sendmail', '#!/bin/sh\n', 0o755);
    assert.match(mailSettings(revision({ mail: program('own-sendmail') }), world).message, /no program own-sendmail/);
    const onPath = { ...world, variables: { PATH: `/usr/bin:${folder}` } };
    assert.equal(mailSettings(revision({ mail: program('own-sendmail') }), onPath).state, 'ok');
  });
});

suite('a project without mail', () => {
  const look = (changes: Partial<typeof world> & { readonly root: string }) =>
    mailSettings(revision({}), { ...world, ...changes });

  test('is told of by cron, to the owner of the table or whoever MAILTO names', (t) => {
    const root = newRoot(t, { '/usr/sbin/sendmail': '' });
    assert.deepEqual(verdict(look({ root })), ['ok', 'shop has no mail:, so cron mails what fails to ann']);
    const variables = { ...world.variables, MAILTO: 'ops@shop.example' };
    assert.match(look({ root, variables }).message, /to ops@shop\.example$/);
  });

  test('is told of to nobody where cron mails nothing', (t) => {
    const root = newRoot(t, { '/usr/sbin/sendmail': '' });
    const variables = { ...world.variables, MAILTO: '' };
    for (const [found, why] of [
      [look({ root, variables }), /MAILTO="" above its lines: nobody is told of what fails$/],
      [look({ root, cron: { ...crons.debian, mailsWhen: 'output-and-mailto' } }), /only where a table has MAILTO/],
      [look({ root: newRoot(t) }), /there is no sendmail for cron’s mail: nobody/],
      [look({ root, cron: { ...crons.debian, mails: false } }), /Debian’s cron sends no mail: nobody/],
    ] as const) {
      assert.equal(found.state, 'warning');
      assert.match(found.message, why);
    }
  });
});

test('a cron that mails only what failed leaves out what never started', (t) => {
  const cron = { ...crons.debian, mailsWhen: 'failed' } as const;
  const root = newRoot(t, { '/usr/sbin/sendmail': '' });
  const found = mailSettings(revision({}), { ...world, cron, root });
  assert.equal(found.state, 'warning');
  assert.match(found.message, /cron mails what fails to ann, but nothing of a start that is late or missed$/);
});

suite('a test mail', () => {
  const mailing = { address: undefined, host: 'db1', at: morning };

  test('goes to whom the project names, the way of its reports', async (t) => {
    const server = await startServer(t);
    const settings = { mail: smtp(`smtp://127.0.0.1:${server.port}`) };
    const found = await triedMail(revision(settings), {}, mailing);
    assert.equal(found?.state, 'ok');
    const [mail, ...others] = server.mails;
    assert.deepEqual([mail?.to, others], [['ops@shop.example'], []]);
    const text = mail?.bytes.toString() ?? '';
    assert.match(text, /^Subject: \[db1\] test of the mail of shop/m);
    assert.match(text, /^From: cron@shop\.example/m);
    assert.match(text.replaceAll('\r\n', ' '), /Nothing is wrong/);
  });

  test('goes to another address instead', async (t) => {
    const server = await startServer(t);
    const settings = { mail: smtp(`smtp://127.0.0.1:${server.port}`) };
    await triedMail(revision(settings), {}, { ...mailing, address: 'ann@shop.example' });
    assert.deepEqual(
      server.mails.map(({ to }) => to),
      [['ann@shop.example']],
    );
  });

  test('that is refused is a problem, with the words of the server', async (t) => {
    const server = await startServer(t, {
      onRcptTo: ({ address }, _session, done) =>
        done(address.startsWith('gone') ? refusal(550, 'no such user') : undefined),
    });
    const transport = { kind: 'smtp', url: `smtp://127.0.0.1:${server.port}` } as const;
    const all = await triedMail(revision({ mail: mailThrough(transport, ['gone@shop.example']) }), {}, mailing);
    assert.match(all?.message ?? '', /^the test mail of shop to gone@shop\.example was not sent: .*550/);
    const both = mailThrough(transport, ['ops@shop.example', 'gone@shop.example']);
    const part = await triedMail(revision({ mail: both }), {}, mailing);
    assert.deepEqual(
      [part?.state, /refused in part: gone@shop\.example.*550/.test(part?.message ?? '')],
      ['problem', true],
    );
  });

  test('is handed to a program with the variables that it has', async (t) => {
    const folder = newPath(t);
    mkdirSync(folder);
    const argv = ['/usr/bin/env', `MAIL_DIRECTORY=${folder}`, mailProgram('stores-message'), '-t'] as const;
    const found = await triedMail(revision({ mail: mailThrough({ kind: 'sendmail', argv }) }), {}, mailing);
    assert.equal(found?.state, 'ok', join(folder, 'message'));
  });

  test('is not sent where the project has no mail', async () => {
    assert.equal(await triedMail(revision({}), {}, mailing), undefined);
  });
});
