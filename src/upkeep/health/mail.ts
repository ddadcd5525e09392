import { accessSync, constants, existsSync } from 'node:fs';
import type { Cron } from '../../crontab/cron/cron.ts';
import { UserError } from '../../errors.ts';
import { readEnvFile, type Variables } from '../../job/environment.ts';
import type { MailTransport } from '../../job/job.ts';
import { readSmtpServer } from '../../notify/smtp-server.ts';
import { outboxState } from '../../store/outbox.ts';
import type { Revision } from '../../store/registry.ts';
import type { Store } from '../../store/store.ts';
import { bad, doubtful, fine, type HealthFinding } from './finding.ts';

/** What decides whether the mail of a project can leave. */
export interface MailWorld {
  /** Those of the project's wrapper. */
  readonly variables: Variables;
  /** The account whose crontab has the lines. */
  readonly user: string;
  /** Which cron mails what is written to standard error; undefined where none is known. */
  readonly cron: Cron | undefined;
  /** Where the system's files begin; empty for those of this machine. */
  readonly root?: string;
}

/** Whether a project says how its mail leaves, and whether that can be; nothing is sent. */
export function mailSettings({ project, settings }: Revision, world: MailWorld): HealthFinding {
  if (settings.mail === undefined) return withoutMail(project, settings.target, world);
  try {
    const variables = { ...world.variables };
    for (const path of settings.envFiles) Object.assign(variables, readEnvFile(path));
    return throughTransport(project, settings.mail.transport, variables);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const message = `the mail of ${project} cannot be sent: ${error.message}`;
    return bad('mail-settings', message, error.hint ?? 'see mail: in the jobs file');
  }
}

function throughTransport(project: string, transport: MailTransport, variables: Variables): HealthFinding {
  if (transport.kind === 'smtp') {
    const { host, port } = readSmtpServer(transport.url, variables);
    return fine('mail-settings', `${project} sends its mail through ${host}, port ${port}`);
  }
  const [program] = transport.argv;
  if (isProgram(program, variables.PATH ?? ''))
    return fine('mail-settings', `${project} sends its mail through ${program}`);
  const message = `the mail of ${project} cannot be sent: there is no program ${program} where cron looks for one`;
  return bad('mail-settings', message, 'name it in sendmail: with its full path, such as /usr/sbin/sendmail');
}

function isProgram(name: string, path: string): boolean {
  const places = name.includes('/') ? [name] : path.split(':').map((folder) => `${folder}/${name}`);
  return places.some((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** What crons hand their mail to. */
const sendmails = ['/usr/sbin/sendmail', '/usr/lib/sendmail'];

const addMail = 'add mail: to the jobs file, then cronwright sync and cronwright doctor --send-test-mail';

/** Its reports go to standard error, and what becomes of them there is cron's doing. */
function withoutMail(project: string, target: string, world: MailWorld): HealthFinding {
  if (target.startsWith('file:')) {
    return fine('mail-settings', `${project} has no mail:, so what fails is told on standard error`);
  }
  const { variables, user, cron, root = '' } = world;
  const reader = variables.MAILTO ?? user;
  const lost = whyLost(variables.MAILTO, cron, root);
  if (lost !== undefined) {
    return doubtful('mail-settings', `${project} has no mail:, and ${lost}: nobody is told of what fails`, addMail);
  }
  const told = `${project} has no mail:, so cron mails what fails to ${reader}`;
  if (cron?.mailsWhen !== 'failed') return fine('mail-settings', told);
  return doubtful('mail-settings', `${told}, but nothing of a start that is late or missed`, addMail);
}

function whyLost(reader: string | undefined, cron: Cron | undefined, root: string): string | undefined {
  if (cron?.mails === false) return `${cron.title} sends no mail`;
  if (reader === '') return 'its table has MAILTO="" above its lines';
  if (cron?.mailsWhen === 'output-and-mailto' && reader === undefined) {
    return `${cron.title} sends mail only where a table has MAILTO above the lines`;
  }
  return sendmails.some((path) => existsSync(`${root}${path}`)) ? undefined : 'there is no sendmail for cron’s mail';
}

const minute = 60_000;

/** How long a mail that was given up is worth a word: tries go on for three days, and people are away for a week. */
const remembered = 10 * 24 * 60 * minute;

/** Whether mail gets out. */
export function flowingMail(store: Store, now: number): HealthFinding {
  const { waiting, givenUp, lastError } = outboxState(store, now - remembered);
  if (waiting + givenUp === 0) return fine('mail', 'no mail waits to be sent');
  const error = lastError === null ? '' : `; the last try failed: ${lastError}`;
  const message = `mails that wait to be sent: ${waiting}, given up: ${givenUp}${error}`;
  return givenUp > 0 || lastError !== null
    ? bad('mail', message, 'see mail: in the jobs file and the mail server, then cronwright doctor --send-test-mail')
    : doubtful('mail', message, 'the next tick sends them');
}
