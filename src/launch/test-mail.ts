import type { Delivery } from '../notify/mail.ts';
import { testLetter } from '../notify/test-letter.ts';
import type { ProjectSettings } from '../store/registry.ts';
import { type Sender, send } from './deliver.ts';

/** A mail that tries the way of a project's reports. */
export interface TestMail {
  readonly project: string;
  /** One address or more. */
  readonly to: readonly string[];
  /** UTC milliseconds. */
  readonly at: number;
}

/**
 * Sends a mail the way that the reports of a project go, once and past the outbox. Whatever keeps it from being sent is a
 * value.
 * @param sender with the variables that the project's wrapper has, or it would tell nothing about the reports.
 */
export function sendTestMail(sender: Sender, settings: ProjectSettings, mail: TestMail): Promise<Delivery> {
  const { project, to, at } = mail;
  const letter = testLetter({ host: sender.host, project });
  const entry = { id: `test.${project}.${at}`, project, run: '', recipients: to, createdAt: at, ...letter };
  return send(sender, settings, entry);
}
