import type { NewEntry } from '../store/outbox.ts';
import { StoreTrouble } from '../store/trouble.ts';
import type { Permit } from './admission.ts';
import { type LateStart, lateEvent, lateTelling, noteLate } from './lateness.ts';
import { orTrouble } from './or-trouble.ts';
import { settingsOf } from './settings.ts';
import type { Start, World } from './world.ts';

/**
 * Tells that a run begins later than its job's `late-after`, unless its slot was told as late before.
 * @returns the mails that the database does not take now: they are left to the run's end.
 */
export function tellLateStart(
  world: World,
  start: Start,
  permit: Permit & { readonly slot: number },
): readonly NewEntry[] {
  const { run, slot, story, delay = start.installed.job.jitter.delay } = permit;
  const at = world.clock.now();
  const late: LateStart = { installed: start.installed, slot, delay, at, state: 'begun', run, holder: '' };
  story.events.push(lateEvent(late));
  const told = lateTelling(world, late, settingsOf(world, start)?.mail);
  const { store } = world;
  const noted = store === undefined ? world.trouble : orTrouble(world, () => noteLate(store, late, told));
  if (!(noted instanceof StoreTrouble)) {
    if (noted !== undefined) world.complain(noted);
    return [];
  }
  if (told?.mails.length === 0) world.complain(told.report);
  return told?.mails ?? [];
}
