import { errorMessage } from '../../errors.ts';
import { newRunId } from '../../launch/run-id.ts';
import type { StoredWorld } from '../../launch/world.ts';
import { type Due, dueJobs, forgetDue, setDue } from '../../store/due.ts';
import { gapsBetween } from '../../store/gaps.ts';
import { type NewEntry, putInOutbox } from '../../store/outbox.ts';
import { installedJob } from '../../store/registry.ts';
import { runById } from '../../store/runs.ts';
import { type Store, together } from '../../store/store.ts';
import { type Finding, findingOf, isStill } from './finding.ts';
import { grace } from './grace.ts';
import { write } from './record.ts';
import type { TableEvidence } from './table-evidence.ts';
import { type MissedStretch, missedTellings } from './tell.ts';

/** One tick looks at no more jobs, and begins no other after so many milliseconds. */
const mostLooked = 500;
const longestLook = 5_000;
/** A job whose zone the system has lost is looked at again after this. */
const again = 3_600_000;

/**
 * Accounts for the slots that should have been started by now: those that have a run are done with, the others are
 * recorded as missed or made up for, and told of. All of it is written at once, so that a tick which is killed has done
 * nothing; of two at the same time, one writes a job's.
 */
export async function account(world: StoredWorld): Promise<void> {
  const { store, clock } = world;
  const now = clock.now();
  if (isJustBack(store, now)) return;
  const findings: Finding[] = [];
  const evidence = evidenceOf(store);
  for (const due of dueJobs(store, now - grace, mostLooked)) {
    const finding = await find(world, due, { now, evidence });
    if (finding) findings.push(finding);
    if (clock.now() - now > longestLook) break;
  }
  if (findings.length > 0) conclude(world, findings, now);
}

/** Gaps that follow each other sooner are nothing to wait for the end of. */
const awhile = 900_000;

/**
 * Whether ticks have just begun to come again: what was missed before is found as a whole once the grace of the last of
 * it is over, so that it is one letter and made up for once.
 */
function isJustBack(store: Store, now: number): boolean {
  const [gap, ...others] = gapsBetween(store, now - awhile, now);
  return (
    gap !== undefined &&
    others.length === 0 &&
    gap.cause !== 'clock-back' &&
    gap.until > now - grace &&
    gap.until <= now
  );
}

/** Loaded by need: mostly the machine was off, which no table tells, and what reads tables is large. */
function evidenceOf(store: Store): TableEvidence {
  let evidence: Promise<TableEvidence> | undefined;
  return async (job, project) => {
    evidence ??= import('./table-evidence.ts').then(({ tableEvidence }) => tableEvidence(store));
    return (await evidence)(job, project);
  };
}

type Looking = Parameters<typeof findingOf>[2];

async function find(world: StoredWorld, due: Due, looking: Looking): Promise<Finding | undefined> {
  const { store, complain } = world;
  const installed = installedJob(store, due.job);
  if (installed === undefined) {
    forgetDue(store, due.job);
    return undefined;
  }
  try {
    return await findingOf(store, { due, installed }, looking);
  } catch (error) {
    setDue(store, due.job, looking.now + again);
    complain(`cronwright: what ${due.job} has missed cannot be found out: ${errorMessage(error)}\n`);
    return undefined;
  }
}

function conclude(world: StoredWorld, findings: readonly Finding[], now: number): void {
  const { store, complain } = world;
  const tellings = together(store, () => {
    const told: MissedStretch[] = [];
    for (const finding of findings) {
      if (isStill(store, finding)) told.push(...write(store, finding, { now, newName: () => newRunId(now) }));
    }
    const all = missedTellings(world, told);
    for (const { mails } of all) for (const mail of mails) putInOutbox(store, ofItsRun(store, mail));
    return all;
  });
  for (const { mails, report } of tellings) if (mails.length === 0) complain(report);
}

/** Where all is made up for there is no run that the mail could be forgotten with. */
function ofItsRun(store: Store, mail: NewEntry): NewEntry {
  return runById(store, mail.run) === undefined ? { ...mail, run: '' } : mail;
}
