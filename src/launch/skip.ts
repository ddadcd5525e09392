import type { Job } from '../job/job.ts';
import { StoreTrouble } from '../store/trouble.ts';
import type { Admission } from './admission.ts';
import type { Book } from './book.ts';
import { orTrouble } from './or-trouble.ts';
import { Story } from './story.ts';
import type { World } from './world.ts';

/** A start that is not to run, and where that can be written down, the best place first. */
export interface Skipped {
  readonly run: string;
  readonly job: Job;
  readonly books: readonly Book[];
}

/** Records that a start does not run, and why; where nothing takes that, it is complained about. */
export function recordSkip(world: World, { run, job, books }: Skipped, reason: string): Admission {
  const story = new Story(job.output.keep);
  const conclusion = { state: 'skipped', at: world.clock.now(), reason, mails: [] } as const;
  const isRecorded = books.some((book) => {
    return !(orTrouble(world, () => book.close(story, conclusion)) instanceof StoreTrouble);
  });
  if (!isRecorded) world.complain(`cronwright: ${job.id} was skipped, which is recorded nowhere: ${reason}\n`);
  return { kind: 'skipped', run, reason };
}
