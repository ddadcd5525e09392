import { copiedJob } from '../store/copy.ts';
import { latestRevision, type ProjectSettings } from '../store/registry.ts';
import { StoreTrouble } from '../store/trouble.ts';
import { orTrouble } from './or-trouble.ts';
import type { Start, World } from './world.ts';

/** What the project's newest revision says besides its jobs; the copy's word where the database cannot be read. */
export function settingsOf(world: World, { installed: { job }, settings }: Start): ProjectSettings | undefined {
  const { store, state } = world;
  if (store === undefined) return settings;
  const latest = orTrouble(world, () => latestRevision(store, job.project)?.settings);
  return latest instanceof StoreTrouble || latest === undefined ? copiedJob(state, job.id)?.settings : latest;
}
