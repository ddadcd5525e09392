import { durationWords } from '../job/duration.ts';
import type { Job } from '../job/job.ts';
import { endTree } from '../run/kill.ts';
import { runFile, type SpoolFile, slotFile } from '../store/spool.ts';
import type { StoreTrouble } from '../store/trouble.ts';
import type { Admission, Wanted } from './admission.ts';
import { tasksGoingOn } from './job-tasks.ts';
import { orTrouble } from './or-trouble.ts';
import { newRunId } from './run-id.ts';
import { recordSkip } from './skip.ts';
import { SpoolBook } from './spool-book.ts';
import { Story } from './story.ts';
import { tellTrouble } from './trouble.ts';
import type { Start, World } from './world.ts';

const lookEvery = 500;

/**
 * Admits a start where the database cannot be used: the spool gives the permit of a slot, and the processes that carry the
 * job's name tell whether it overlaps. What no place would take runs all the same, because the task comes first.
 */
export async function admitWithoutDatabase(world: World, wanted: Wanted, trouble: StoreTrouble): Promise<Admission> {
  const { start, slot, taskSlot } = wanted;
  if (start.continues !== undefined || start.trigger === 'catch-up') return leaveToDatabase(world, trouble);
  const { job } = start.installed;
  const run = newRunId(start.startedAt);
  const file = permit(world, wanted, run);
  if (file === undefined) return { kind: 'not-due' };
  const book = new SpoolBook({ file, run, slot, start });
  const story = new Story(job.output.keep);
  story.events.push({ at: start.startedAt, level: 'warning', message: `recorded late: ${trouble.message}` });
  // From here on a kill leaves a run that was interrupted. What cannot be written now is tried again at the end.
  orTrouble(world, () => book.write(story));
  // Before the others are looked for: the processes that carry the job's name do not tell of one that is put off.
  const delay = await delayed(world, start, book, story);
  const reason = world.cancel.aborted ? undefined : await makeWay(world, job);
  if (reason !== undefined) return recordSkip(world, { run, job, books: [book] }, reason);
  return { kind: 'granted', permit: { run, slot: taskSlot, delay, book, story, trouble } };
}

async function delayed(world: World, start: Start, book: SpoolBook, story: Story): Promise<number> {
  if (start.installed.job.jitter.delay === 0) return 0;
  // Loaded by need: few jobs ask for it.
  return (await import('./delay.ts')).delayInSpool(world, start, book, story);
}

/** Nobody could note that a retry was made, or a missed slot, and it would be made again: it stays due until the database can be used. */
async function leaveToDatabase(world: World, trouble: StoreTrouble): Promise<Admission> {
  await tellTrouble(world, trouble);
  return { kind: 'not-due' };
}

/** Undefined where the slot was launched already. */
function permit({ state, complain }: World, { start, slot }: Wanted, run: string): SpoolFile | undefined {
  const { job } = start.installed;
  if (slot === undefined) return runFile(state, job.id, run);
  const claim = slotFile(state, job.id, slot);
  if (claim.kind === 'taken') return undefined;
  if (claim.kind === 'granted') return claim.file;
  complain(`cronwright: ${job.id} runs without a permit: ${claim.problem}\n`);
  return runFile(state, job.id, run);
}

/** Does what the overlap policy asks; why the start is to be skipped, in words, or undefined. */
async function makeWay(world: World, job: Job): Promise<string | undefined> {
  const others = job.overlap === 'allow' ? [] : runsOf(job, world);
  if (others.length === 0) return undefined;
  if (job.overlap === 'replace') {
    await Promise.all(others.map((run) => endTree({ run, leader: undefined }, job.grace, world.clock)));
    return undefined;
  }
  if (job.overlap === 'wait' && (await waitForEnd(world, job))) return undefined;
  const going = `run ${others.join(', ')} was still going`;
  return job.overlap === 'wait' ? `${going} after ${durationWords(job.waitUpTo)}` : going;
}

function runsOf(job: Job, { identity }: World): readonly string[] {
  return [...new Set(tasksGoingOn(job, identity).map(({ run }) => run))];
}

/** Whether the start may go on: no task of the job was left before its `wait-up-to` had passed, or it is to be cancelled. */
async function waitForEnd({ clock, cancel, identity }: World, job: Job): Promise<boolean> {
  const last = clock.now() + job.waitUpTo;
  while (!cancel.aborted && tasksGoingOn(job, identity).length > 0) {
    if (clock.now() >= last) return false;
    await clock.sleep(lookEvery, cancel).catch(() => undefined);
  }
  return true;
}
