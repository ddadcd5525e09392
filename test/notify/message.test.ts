import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, test } from 'node:test';
import { failureLetter } from '../../src/notify/letter.ts';
import { type Dispatch, sendMail } from '../../src/notify/mail.ts';
import { namedZone } from '../../src/schedule/zone/zone.ts';
import { dispatchTo, mailProgram, reportOf, startedAt, startServer } from './rig.ts';

/** A message as Python's email package reads it. */
interface Reading {
  readonly names: readonly string[];
  readonly subject: string;
  readonly from: readonly (readonly [string, string])[];
  readonly to: readonly (readonly [string, string])[];
  readonly id: string;
  readonly automatic: string;
  readonly date: number;
  readonly text: string;
  readonly parts: boolean;
  readonly defects: readonly string[];
}

function readWithPython(message: Buffer): Reading {
  return JSON.parse(execFileSync('/usr/bin/python3', [mailProgram('read-message.py')], { input: message }).toString());
}

const headers = [
  'auto-submitted',
  'content-transfer-encoding',
  'content-type',
  'date',
  'from',
  'message-id',
  'mime-version',
  'subject',
  'to',
  'x-mailer',
];
const there = existsSync('/usr/bin/python3') || process.env.CI !== undefined;

describe('A message, read by Python', { skip: there ? false : '/usr/bin/python3 is not installed' }, () => {
  async function read(context: Parameters<typeof startServer>[0], changes: Partial<Dispatch>): Promise<Reading> {
    const server = await startServer(context, { hideSTARTTLS: true });
    const url = `smtp://127.0.0.1:${server.port}`;
    assert.deepEqual(await sendMail(dispatchTo(url, changes)), { ok: true, refused: [] });
    const reading = readWithPython(server.mails[0]?.bytes ?? Buffer.alloc(0));
    assert.deepEqual([...reading.names].sort(), headers);
    assert.deepEqual(reading.defects, []);
    assert.equal(reading.parts, false);
    return reading;
  }

  test('says who, when, which and that nobody is to answer it', async (context) => {
    const reading = await read(context, {});
    assert.equal(reading.id, '<run1.failed@db1.cronwright>');
    assert.equal(reading.date, startedAt / 1_000);
    assert.equal(reading.automatic, 'auto-generated');
    assert.deepEqual(reading.from, [['', 'cron@shop.example']]);
    assert.deepEqual(reading.to, [['', 'ops@shop.example']]);
  });

  test('has the words of the letter, in any script', async (context) => {
    const output = 'Überlauf – 日本語\n.\n..\nFrom here\n.hidden\n';
    const report = reportOf({ host: 'büro', sentence: 'was ended by 悪魔', output });
    const letter = failureLetter(report, namedZone('Europe/Berlin'));
    const { subject, text } = await read(context, { letter });
    assert.equal(subject, letter.subject);
    assert.equal(text, letter.text);
  });

  test('has no header that the output, the sentence or the host brought along', async (context) => {
    const attack = 'x\r\nBcc: spy@evil.example\r\nContent-Type: text/html\r\n\r\n<script>';
    const report = reportOf({ output: `\r\n.\r\n${attack}`, sentence: attack, host: attack });
    const letter = failureLetter(report, namedZone('UTC'));
    const { subject, text } = await read(context, { letter });
    assert.equal(subject, letter.subject);
    assert.equal(text, letter.text);
    assert.match(text, /\| Bcc: spy@evil\.example\n/);
  });

  test('has no header that a letter from elsewhere tries to add', async (context) => {
    const letter = { subject: 'a\r\nBcc: spy@evil.example\r\n\r\nb', text: 'c\r\n.\r\nMAIL FROM:<x@y>\r\n' };
    const { subject, text } = await read(context, { letter, messageId: '<a\r\nBcc: spy@evil.example>' });
    assert.equal(subject, 'a Bcc: spy@evil.example b');
    assert.equal(text, 'c\n.\nMAIL FROM:<x@y>\n');
  });

  test('has one address for a name with a comma in it', async (context) => {
    const { to } = await read(context, { to: ['Team, Ops <ops@shop.example>', 'Jürgen <web@shop.example>'] });
    assert.deepEqual(to, [
      ['Team, Ops', 'ops@shop.example'],
      ['Jürgen', 'web@shop.example'],
    ]);
  });

  test('keeps a command to type that is longer than a line', async (context) => {
    const letter = failureLetter(reportOf({ program: `/opt/${'long/'.repeat(40)}cronwright` }), namedZone('UTC'));
    assert.equal((await read(context, { letter })).text, letter.text);
  });
});

/** What must not become a second address or a header, and how many mails leave. */
const attacks = [
  ['ops@shop.example>\r\nRCPT TO:<spy@evil.example', 0],
  ['ops@shop.example\r\nBcc: spy@evil.example', 0],
  ['Ops\r\nBcc: spy@evil.example <ops@shop.example>', 1],
  ['ops@shop.example, spy@evil.example', 0],
] as const;
for (const [address, count] of attacks) {
  test(`The address ${JSON.stringify(address)} reaches no spy`, async (context) => {
    const server = await startServer(context, { hideSTARTTLS: true });
    await sendMail(dispatchTo(`smtp://127.0.0.1:${server.port}`, { to: [address] }));
    assert.equal(server.mails.length, count);
    assert.ok(!server.mails.some(({ to }) => to.includes('spy@evil.example')));
    assert.ok(!server.mails.some(({ bytes }) => /^bcc:/im.test(bytes.toString())));
  });
}
