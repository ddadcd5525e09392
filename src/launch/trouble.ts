import { troubleLetter } from '../notify/trouble-letter.ts';
import type { ProjectSettings } from '../store/registry.ts';
import { isNews } from '../store/spool.ts';
import type { StoreTrouble } from '../store/trouble.ts';
import { sendNow } from './deliver.ts';
import type { World } from './world.ts';

/** A trouble that lasts is told again after this, in milliseconds: every job meets it every minute. */
const toldEvery = 3_600_000;

/**
 * Tells that the database cannot be used, once an hour: on standard error, and by mail where a project's settings are at
 * hand. Each has its own hour, because the tick, which has no settings, often comes first. Nothing about it is an
 * exception.
 */
export async function tellTrouble(world: World, trouble: StoreTrouble, settings?: ProjectSettings): Promise<void> {
  const { state, clock, host, complain } = world;
  const now = clock.now();
  const { message, hint } = trouble;
  if (isNews(state, 'trouble', { now, every: toldEvery })) {
    complain(`cronwright: ${message}\n${hint === undefined ? '' : `  ${hint}\n`}`);
    complain('  the tasks run all the same, and their records wait in the spool\n');
  }
  if (settings?.mail === undefined || !isNews(state, 'trouble-mail', { now, every: toldEvery })) return;
  const letter = troubleLetter({ host, state, message, hint: hint ?? '' });
  const entry = { id: `trouble.${now}`, project: '', run: '', recipients: settings.mail.to, createdAt: now, ...letter };
  await sendNow(world, settings, [entry]);
}
