import type { Clock } from '../clock.ts';
import { errorMessage } from '../errors.ts';
import { readEnvFile, type Variables } from '../job/environment.ts';
import type { Delivery } from '../notify/mail.ts';
import { nextTry } from '../notify/policy.ts';
import { claimFromOutbox, markSent, markUnsent, type OutboxEntry } from '../store/outbox.ts';
import { latestRevision } from '../store/registry.ts';
import type { Store } from '../store/store.ts';

/** What sending needs of the world. */
export interface Postman {
  readonly store: Store;
  readonly clock: Clock;
  readonly environment: Variables;
  readonly host: string;
  complain(text: string): void;
}

/** One process sends no more than this, and begins nothing after this many milliseconds: the next tick goes on. */
const mostMails = 20;
const longestSending = 20_000;

/** Sends what is due in the outbox. What cannot be sent stays there; nothing about it is an exception. */
export async function deliverOutbox(postman: Postman): Promise<void> {
  try {
    await deliver(postman);
  } catch (error) {
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
  complain(
    `cronwright: the mail about run ${entry.run} could not be sent and was given up: ${delivery.reason}\n${entry.text}\n`,
  );
}

async function tryToSend({ store, environment, host }: Postman, entry: OutboxEntry): Promise<Delivery> {
  try {
    const settings = latestRevision(store, entry.project)?.settings;
    if (!settings?.mail) return { ok: false, retry: false, reason: 'the project has no mail: any more' };
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
