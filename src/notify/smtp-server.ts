import { isIPv4 } from 'node:net';
import { UserError } from '../errors.ts';
import { expand, referencedNames, type Variables } from '../job/environment.ts';

/** How far a connection is to be trusted: `?tls=` of an SMTP address. */
export const tlsModes = [
  /** TLS or nothing, and the server shows a certificate for its name. */
  'verified',
  /** TLS or nothing, with any certificate. */
  'unverified',
  /** TLS where the server offers it, with any certificate (RFC 7435, opportunistic security). */
  'optional',
] as const;
export type TlsMode = (typeof tlsModes)[number];

/** A user name and a password, as they are typed. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/** An SMTP server and the way to talk to it. */
export interface SmtpServer {
  /** A name or an address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (`smtps:`, RFC 8314) in place of STARTTLS. */
  readonly implicitTls: boolean;
  readonly tls: TlsMode;
  /** Path of a PEM file with the only certificates to trust; undefined for those that the system trusts. */
  readonly ca: string | undefined;
  readonly login: Login | undefined;
}

/** Relay (RFC 5321), submission (RFC 6409), submission over TLS (RFC 8314). */
const ports = { relay: 25, submission: 587, submissions: 465 } as const;

/**
 * Reads `smtp://user:${PASSWORD}@host:port?tls=…&ca=/path`, as written in the jobs file. What a variable stands for in
 * user and password is taken as it is, whatever characters it holds.
 *
 * Without `tls=`, the certificate is verified where a password goes to another host, where TLS is implicit and where
 * `ca=` says what to trust. Elsewhere TLS is optional: Debian's own mail servers offer STARTTLS on the loopback with a
 * certificate that nobody signed.
 * @throws UserError for an address that cannot be read. It repeats nothing that may be secret.
 */
export function readSmtpServer(written: string, variables: Variables): SmtpServer {
  const url = URL.parse(resolved(written, variables));
  if (url === null || url.hostname === '' || url.port === '0') throw unreadable('is no address of a server');
  if (url.pathname !== '' && url.pathname !== '/') throw unreadable('has a path after the host');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const implicitTls = url.protocol === 'smtps:';
  const login = loginOf(url);
  const port = url.port === '' ? defaultPort(implicitTls, login) : Number(url.port);
  const { tls, ca } = options(url.searchParams);
  const strict = implicitTls || ca !== undefined || (login !== undefined && !isLoopback(host));
  if (implicitTls && tls === 'optional') throw unreadable('says smtps: and tls=optional, which contradict each other');
  return { host, port, implicitTls, tls: tls ?? (strict ? 'verified' : 'optional'), ca, login };
}

/** Everything up to the `@` before the host; a literal password may hold an `@` of its own. */
const beforeHost = /^[a-z]+:\/\/(?:[^/?#]*@)?/;

function resolved(written: string, variables: Variables): string {
  const start = beforeHost.exec(written)?.[0] ?? '';
  return expand(start, encoded(start, variables)) + expand(written.slice(start.length), variables);
}

/** The variables that a text names, percent-encoded: `@`, `:` and `/` of a password are no part of the address. */
function encoded(text: string, variables: Variables): Variables {
  const encode = (value: string | undefined) => value && encodeURIComponent(value.toWellFormed());
  return Object.fromEntries(referencedNames(text).map((name) => [name, encode(variables[name])]));
}

function loginOf({ username, password }: URL): Login | undefined {
  if (username === '' && password === '') return undefined;
  if (username === '' || password === '') throw unreadable('needs both a user and a password, or neither');
  try {
    return { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch {
    throw unreadable('has a % in user or password that begins no percent-encoded character');
  }
}

function defaultPort(implicitTls: boolean, login: Login | undefined): number {
  if (implicitTls) return ports.submissions;
  return login === undefined ? ports.relay : ports.submission;
}

function options(query: URLSearchParams): { tls: TlsMode | undefined; ca: string | undefined } {
  const { tls, ca, ...others } = Object.fromEntries(query);
  if (Object.keys(others).length > 0) throw unreadable('has an option that is neither tls= nor ca=');
  const mode = tlsModes.find((known) => known === tls);
  if (tls !== undefined && mode === undefined) throw unreadable(`needs tls= to be ${tlsModes.join(', ')}`);
  if (ca !== undefined && !ca.startsWith('/')) throw unreadable('needs ca= to be an absolute path');
  return { tls: mode, ca };
}

/** What is sent to this machine itself passes no wire (RFC 6761, 6.3). */
function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return (
    name === '::1' || name === 'localhost' || name.endsWith('.localhost') || (isIPv4(name) && name.startsWith('127.'))
  );
}

function unreadable(what: string): UserError {
  const hint =
    'write smtp://user:${SMTP_PASSWORD}@mail.example.org:587; percent-encode @ : / ? # in what is no variable';
  return new UserError(`smtp: under mail: ${what}`, hint);
}
