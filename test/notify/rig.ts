import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { jobId, type MailSettings } from '../../src/job/job.ts';
import type { Dispatch } from '../../src/notify/mail.ts';
import type { FailureReport } from '../../src/notify/report.ts';

/** The path of one of the tiny programs that stand for a mail program. */
export function mailProgram(name: string): string {
  return fileURLToPath(new URL(`../fixtures/mail/${name}`, import.meta.url));
}

/** 03:00:01 in New York, an hour that began two hours after midnight. */
export const startedAt = Date.parse('2026-03-08T07:00:01Z');

/** A report of a backup that failed at its first attempt. */
export function reportOf(changes: Partial<FailureReport> = {}): FailureReport {
  const job = jobId('shop/backup');
  if (job === undefined) throw new Error('not a job id');
  const endedAt = startedAt + 754_000;
  const sentence = 'exited with status 3';
  return {
    job,
    description: 'Nightly copy of the shop database',
    owner: 'web team',
    host: 'db1',
    run: '01kaw8b0x7q2f',
    command: 'backup --all',
    trigger: 'schedule',
    slot: startedAt - 1_000,
    startedAt,
    endedAt,
    state: 'failed',
    sentence,
    attempts: [{ number: 1, startedAt, endedAt, sentence }],
    output: 'copying\nERROR: disk full\n',
    program: 'cronwright',
    ...changes,
  };
}

/** A letter to one person, sent over the given transport. */
export function dispatchTo(transport: MailSettings['transport'] | string, changes: Partial<Dispatch> = {}): Dispatch {
  const settings: MailSettings = {
    from: 'cron@shop.example',
    to: ['ops@shop.example'],
    transport: typeof transport === 'string' ? { kind: 'smtp', url: transport } : transport,
  };
  return {
    letter: { subject: '[db1] shop/backup failed', text: 'It failed.\n' },
    settings,
    to: settings.to,
    variables: {},
    messageId: '<run1.failed@db1.cronwright>',
    writtenAt: startedAt,
    ...changes,
  };
}

/** What a server was given. */
export interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly bytes: Buffer;
  readonly secure: boolean;
  readonly user: string | undefined;
}

export interface MailServer {
  readonly port: number;
  readonly mails: readonly Received[];
  /** The passwords that clients have sent. */
  readonly passwords: readonly string[];
}

/** The one user that the test servers know. */
export const account = { user: 'cron@shop', password: 'p@ss:w/ö %?#${X}' } as const;

/** A server's refusal with its code, such as `550 no such user`. */
export function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

/** Starts a real SMTP server on every address of this machine, closed with the test. */
export async function startServer(context: TestContext, options: SMTPServerOptions = {}): Promise<MailServer> {
  const mails: Received[] = [];
  const passwords: string[] = [];
  const server = new SMTPServer({
    disableReverseLookup: true,
    authOptional: true,
    allowInsecureAuth: true,
    logger: false,
    onAuth({ username, password: sent }, _session, done) {
      const password = sent ?? '';
      passwords.push(password);
      if (username === account.user && password === account.password) done(null, { user: username });
      else done(refusal(535, `5.7.8 wrong: ${password}`));
    },
    onData(stream, { envelope, secure, user }, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = envelope;
        const from = mailFrom === false ? '' : mailFrom.address;
        const to = rcptTo.map(({ address }) => address);
        mails.push({ from, to, bytes: Buffer.concat(chunks), secure, user: user as string | undefined });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  context.after(() => new Promise<void>((resolve) => server.close(resolve)));
  const listener = server.listen(0, '0.0.0.0');
  await once(listener, 'listening');
  return { port: (listener.address() as AddressInfo).port, mails, passwords };
}

/** Starts a server that treats each connection as it likes, closed with the test. Returns its port. */
export async function startRawServer(context: TestContext, serve: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  context.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

export interface Certificates {
  /** Path of the authority's certificate. */
  readonly ca: string;
  readonly key: string;
  readonly cert: string;
}

/** An authority of its own, and a certificate by it for this machine. */
export function makeCertificates(directory: string, name: string): Certificates {
  const path = (ending: string) => join(directory, `${name}-${ending}`);
  const paths = { ca: path('ca.pem'), caKey: path('ca.key'), key: path('key.pem'), cert: path('cert.pem') };
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const request = ['req', '-x509', '-days', '2', ...key];
  const authority = ['-keyout', paths.caKey, '-out', paths.ca, '-subj', `/CN=${name}`];
  openssl([...request, ...authority, '-addext', 'basicConstraints=critical,CA:TRUE']);
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:0.0.0.0';
  const server = ['-CA', paths.ca, '-CAkey', paths.caKey, '-keyout', paths.key, '-out', paths.cert];
  openssl([...request, ...server, '-subj', '/CN=localhost', '-addext', names, '-addext', 'basicConstraints=CA:FALSE']);
  return { ca: paths.ca, key: paths.key, cert: paths.cert };
}

function openssl(words: readonly string[]): void {
  execFileSync('openssl', words, { stdio: 'ignore' });
}
