import { inWorld, unattended } from './unattended.ts';
import { tick } from './upkeep/tick.ts';

/** What cron starts each minute: `tick`, perhaps behind `--state DIRECTORY`. Resolves as that of wrapper.ts does. */
export const ended: Promise<boolean> = unattended((words) => {
  return inWorld(words, async (world) => ({ status: await tick(world), typical: true }));
});
