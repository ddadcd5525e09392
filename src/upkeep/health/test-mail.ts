import type { Variables } from '../../job/environment.ts';
import { sendTestMail } from '../../launch/test-mail.ts';
import type { Delivery } from '../../notify/mail.ts';
import type { Revision } from '../../store/registry.ts';
import { bad, doubtful, fine, type HealthFinding } from './finding.ts';

/** Who is to get a test mail, from which host, and when. */
export interface TestMailing {
  /** Undefined: whoever the project names under `mail:`. */
  readonly address: string | undefined;
  readonly host: string;
  /** UTC milliseconds. */
  readonly at: number;
}

/**
 * Sends one mail the way of a project's reports, and says how it went.
 * @param variables those of the project's wrapper.
 * @returns undefined where the project has no mail.
 */
export async function triedMail(
  { project, settings }: Revision,
  variables: Variables,
  { address, host, at }: TestMailing,
): Promise<HealthFinding | undefined> {
  if (settings.mail === undefined) return undefined;
  const to = address === undefined ? settings.mail.to : [address];
  const delivery = await sendTestMail({ environment: variables, host }, settings, { project, to, at });
  return howItWent(project, to.join(', '), delivery);
}

function howItWent(project: string, to: string, delivery: Delivery): HealthFinding {
  const subject = `the test mail of ${project} to ${to}`;
  if (!delivery.ok)
    return bad('test-mail', `${subject} was not sent: ${delivery.reason}`, 'see mail: in the jobs file');
  if (delivery.refused.length === 0) {
    return fine('test-mail', `${subject} was taken by the mail server; see whether it arrives`);
  }
  return bad('test-mail', `${subject} was refused in part: ${delivery.refused.join('; ')}`, 'see to: in the jobs file');
}

export const nothingToTry = doubtful(
  'test-mail',
  'no project has mail:, so no test mail was sent',
  'add mail: to the jobs file',
);
