import type { Clock } from '../clock.ts';
import { errorMessage } from '../errors.ts';
import { readEnvFile, type Variables } from '../job/environment.ts';
import type { Delivery } from '../notify/mail.ts';
import { nextTry } from '../notify/policy.ts';
import { claimFromOutbox, markSent, markUnsent, type NewEntry, type OutboxEntry } from '../store/outbox.ts';
import { latestRevision, type ProjectSettings } from '../store/registry.ts';
import type { Store } from '../store/store.ts';
import { StoreTrouble } from '../store/trouble.ts';

/** What sending one mail needs of the world. */
export interface Sender {
  readonly environment: Variables;
  readonly host: string;
}

/** What looking after the outbox needs of the world. */
export interface Postman extends Sender {
  readonly store: Store;
  readonly clock: Clock;
  complain(text: string): void;
}

/** One process sends no more than this, and begins nothing after this many milliseconds: the next tick goes on. */
const mostMails = 20;
const longestSending = 20_000;

/**
 * Sends what is due in the outbox. What cannot be sent stays there; nothing about it is an exception. A database that
 * cannot be used is told of by whoever meets it in writing.
 */
export async function deliverOutbox(postman: Postman): Promise<void> {
  try {
    await deliver(postman);
  } catch (error) {
    if (error instanceof StoreTrouble) return;
    postman.complain(`cronwright: could not look after the outbox: ${errorMessage(error)}\n`);
  }
}

async function deliver(postman: Postman): Promise<void> {
  const { store, clock } = postman;
  const begun = clock.now();
  for (let sent = 0; sent < mostMails && clock.now() - begun < longestSending; sent++) {
    const entry = claimFromOutbox(store, clock.now());
    if (entry === undefined) return;
    settle(postman, entry, await tryToSend(postman, entry));
  }
}

function settle({ store, clock, complain }: Postman, entry: OutboxEntry, delivery: Delivery): void {
  const now = clock.now();
  if (delivery.ok) {
    markSent(store, { id: entry.id, at: now, refused: delivery.refused });
    return;
  }
  const next = delivery.retry ? nextTry(entry.tries + 1, now) : undefined;
  markUnsent(store, entry.id, delivery.reason, next);
  if (next !== undefined) return;
  const about = entry.run === '' ? 'a start that is late' : `run ${entry.run}`;
  complain(
    `cronwright: the mail about ${about} could not be sent and was given up: ${delivery.reason}\n${entry.text}\n`,
  );
}

/**
 * Sends mails without the outbox, once each, where the database cannot be used.
 * @returns whether all of them were taken; why not is complained about.
 */
export async function sendNow(
  sender: Sender & Pick<Postman, 'complain'>,
  settings: ProjectSettings,
  mails: readonly NewEntry[],
): Promise<boolean> {
  const deliveries = await Promise.all(mails.map((mail) => send(sender, settings, mail)));
  for (const delivery of deliveries) {
    if (!delivery.ok) sender.complain(`cronwright: a mail could not be sent: ${delivery.reason}\n`);
  }
  return deliveries.length > 0 && deliveries.every(({ ok }) => ok);
}

async function tryToSend(postman: Postman, entry: OutboxEntry): Promise<Delivery> {
  try {
    const settings = latestRevision(postman.store, entry.project)?.settings;
    if (!settings?.mail) return { ok: false, retry: false, reason: 'the project has no mail: any more' };
    return await send(postman, settings, entry);
  } catch (error) {
    return { ok: false, retry: true, reason: errorMessage(error) };
  }
}

/** Tries once to send a mail. Whatever keeps it from being sent is a value. */
export async function send(
  { environment, host }: Sender,
  settings: ProjectSettings,
  entry: NewEntry,
): Promise<Delivery> {
  try {
    if (!settings.mail) return { ok: false, retry: false, reason: 'the project has no mail:' };
    const variables = { ...environment };
    for (const path of settings.envFiles) Object.assign(variables, readEnvFile(path));
    // Loaded only now: it is the largest library of all, and most runs have nothing to tell.
    const { sendMail } = await import('../notify/mail.ts');
    const letter = { subject: entry.subject, text: entry.text };
    const messageId = `<${entry.id}@${host}.cronwright>`;
    const dispatch = { letter, settings: settings.mail, to: entry.recipients, variables, messageId };
    return await sendMail({ ...dispatch, writtenAt: entry.createdAt });
  } catch (error) {
    return { ok: false, retry: true, reason: errorMessage(error) };
  }
}
