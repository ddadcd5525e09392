import { readFileSync } from 'node:fs';
import { getCACertificates } from 'node:tls';
import { createTransport, type NodemailerError, type SendMailOptions, type SMTPTransportOptions } from 'nodemailer';
import { errorMessage, UserError } from '../errors.ts';
import { durationWords } from '../job/duration.ts';
import type { Variables } from '../job/environment.ts';
import type { MailSettings } from '../job/job.ts';
import type { Letter } from './letter.ts';
import { printableLine } from './printable.ts';
import { redact } from './secret.ts';
import { handToProgram } from './sendmail.ts';
import { readSmtpServer, type SmtpServer } from './smtp-server.ts';
import { shorten } from './wrap.ts';

/** A letter with all that sending it takes. */
export interface Dispatch {
  readonly letter: Letter;
  readonly settings: MailSettings;
  /** `name@host` or `Name <name@host>`, at least one. */
  readonly to: readonly string[];
  /** What `${NAME}` in the settings stands for. */
  readonly variables: Variables;
  /** The same at each try: by it readers recognise a mail that reached them twice. */
  readonly messageId: string;
  /** UTC milliseconds; it becomes the Date. Without it, the time of this try. */
  readonly writtenAt?: number | undefined;
  /** Milliseconds that this try may take in all, so that nobody waits for a mail server. */
  readonly timeout?: number | undefined;
}

/** What became of a try to send. */
export type Delivery =
  | {
      readonly ok: true;
      /** The addresses that the server did not take while it took others, each with the server's answer. */
      readonly refused: readonly string[];
    }
  | {
      readonly ok: false;
      /** False where the same mail would be refused again, whatever people mend. */
      readonly retry: boolean;
      /** One line in plain words, without any secret. */
      readonly reason: string;
    };

const defaultTimeout = 20_000;

/** Tries once to send a letter. Whatever keeps it from being sent is a value, and no secret stands in its words. */
export async function sendMail(dispatch: Dispatch): Promise<Delivery> {
  const { settings, variables, timeout = defaultTimeout } = dispatch;
  const message = compose(dispatch);
  if (settings.transport.kind === 'sendmail') return throughProgram(message, settings.transport.argv, timeout);
  try {
    return await throughServer(message, readSmtpServer(settings.transport.url, variables), timeout);
  } catch (error) {
    if (error instanceof UserError) return unsent(error.hint ? `${error.message}; ${error.hint}` : error.message);
    throw error;
  }
}

/** Auto-Submitted keeps vacation programs from answering (RFC 3834). */
function compose({ letter, settings, to, messageId, writtenAt }: Dispatch): SendMailOptions {
  return {
    from: mailbox(settings.from),
    to: to.map(mailbox),
    subject: printableLine(letter.subject),
    text: letter.text,
    messageId: `<${messageId.replace(/[^!-;=?-~]/g, '')}>`,
    ...(writtenAt === undefined ? {} : { date: new Date(writtenAt) }),
    headers: { 'Auto-Submitted': 'auto-generated' },
    xMailer: 'cronwright',
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** An address taken apart, so that a comma in a name does not make two of it. */
function mailbox(text: string): { name: string; address: string } {
  const [, name = '', address = text] = /^([^<]*)<([^<>]*)>$/.exec(text) ?? [];
  return { name: printableLine(name).replace(/^"(.*)"$/, '$1'), address: address.trim() };
}

async function throughProgram(
  message: SendMailOptions,
  argv: readonly [string, ...string[]],
  timeout: number,
): Promise<Delivery> {
  // Programs expect the line ends of a text file on their standard input.
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'unix' });
  const bytes = (await composer.sendMail(message)).message as Buffer;
  const refusal = await handToProgram(argv, bytes, timeout);
  return refusal === undefined ? { ok: true, refused: [] } : unsent(refusal.reason, refusal.retry);
}

async function throughServer(message: SendMailOptions, server: SmtpServer, timeout: number): Promise<Delivery> {
  const transport = createTransport(connection(server, timeout));
  try {
    const { rejectedErrors = [] } = await transport.sendMail({ ...message, signal: AbortSignal.timeout(timeout) });
    return { ok: true, refused: rejectedErrors.map((error) => refused(error, server)) };
  } catch (error) {
    const failure = error as NodemailerError;
    return unsent(redact(explain(failure, server, timeout), server.login), !isFinal(failure));
  } finally {
    transport.close();
  }
}

function connection({ host, port, implicitTls, tls, ca, login }: SmtpServer, timeout: number): SMTPTransportOptions {
  return {
    host,
    port,
    secure: implicitTls,
    requireTLS: !implicitTls && tls !== 'optional',
    opportunisticTLS: tls === 'optional',
    tls: tls === 'verified' ? { ca: trusted(ca) } : { rejectUnauthorized: false },
    ...(login ? { auth: { user: login.user, pass: login.password }, forceAuth: true } : {}),
    dnsTimeout: timeout,
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    // A server that does not hang up must not keep this process from ending.
    socketCloseTimeout: 1_000,
  };
}

/** Node trusts a list of its own; administrators add their authority to the system's. */
function trusted(ca: string | undefined): string[] {
  if (ca === undefined) return [...getCACertificates('default'), ...getCACertificates('system')];
  try {
    return [readFileSync(ca, 'utf8')];
  } catch (error) {
    throw new UserError(`cannot read the certificates that ca= names: ${errorMessage(error)}`);
  }
}

/** A server's no to this very message. One to a login (RFC 4954, 6) or to the connection is mended by people. */
function isFinal({ code, responseCode = 0, permanent = false }: NodemailerError): boolean {
  const aboutMessage = code === 'EENVELOPE' || code === 'EMESSAGE';
  return aboutMessage && permanent && ![530, 534, 535, 538].includes(responseCode);
}

function explain(error: NodemailerError, { host, port, login }: SmtpServer, timeout: number): string {
  const server = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const { response, message } = error;
  switch (error.code) {
    case 'EABORT':
    case 'ETIMEDOUT':
      return `${server} did not answer within ${durationWords(timeout)}`;
    case 'EDNS':
      return `the mail server ${host} was not found: ${message}`;
    case 'EAUTH':
      return `${server} refused the login of ${login?.user}: ${response ?? message}`;
    case 'ETLS':
      return response === undefined ? untrusted(server, message) : unencrypted(server, response);
    case 'ESOCKET':
      return isAboutTls(error) ? untrusted(server, message) : `${server}: ${message}`;
    default:
      return response === undefined ? `${server}: ${message}` : `${server} answered ${response}`;
  }
}

function unencrypted(server: string, response: string): string {
  return `${server} offers no STARTTLS, and without it no password is sent (tls=optional in smtp: allows it): ${response}`;
}

function untrusted(server: string, message: string): string {
  return `no trusted TLS connection to ${server}: ${message} (ca=/path in smtp: names a private authority)`;
}

/** What Node and OpenSSL call the errors of a handshake and of a certificate. */
function isAboutTls({ originalCode = '' }: NodemailerError): boolean {
  return /^(?:ERR_SSL|ERR_TLS|EPROTO)|CERT|ISSUER|UNABLE_TO/.test(originalCode);
}

function refused(error: NodemailerError, { login }: SmtpServer): string {
  return line(redact(`${error.recipient}: ${error.response ?? error.message}`, login));
}

function unsent(reason: string, retry = true): Delivery {
  return { ok: false, retry, reason: line(reason) };
}

const longestReason = 500;

function line(text: string): string {
  return shorten(printableLine(text), longestReason);
}
