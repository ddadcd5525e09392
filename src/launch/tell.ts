import type { Clock } from '../clock.ts';
import { errorMessage } from '../errors.ts';
import { commandText } from '../job/command-text.ts';
import { failureLetter, shortReport } from '../notify/letter.ts';
import { isTold, recipients } from '../notify/policy.ts';
import { printableTail } from '../notify/printable.ts';
import type { FailureReport } from '../notify/report.ts';
import type { Piece } from '../run/capture.ts';
import { putInOutbox } from '../store/outbox.ts';
import { type InstalledJob, latestRevision } from '../store/registry.ts';
import type { RunState, Trigger } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import type { AttemptRecord } from './record.ts';

/** How a run ended, as far as telling it needs. */
export interface Ending {
  readonly installed: InstalledJob;
  readonly run: string;
  readonly trigger: Trigger;
  readonly slot: number | undefined;
  readonly state: RunState;
  /** How it ended in words that follow the job's name. */
  readonly sentence: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attempts: readonly AttemptRecord[];
  readonly output: readonly Piece[];
}

/** Who tells, and where. */
export interface Teller {
  readonly store: Store;
  readonly clock: Clock;
  readonly host: string;
  readonly program: string;
  complain(text: string): void;
}

/**
 * Tells of a run that ended, if its job asks for it: by a mail in the outbox, or, where the project has no mail or the
 * outbox cannot be written, by a short report on standard error.
 */
export function tellEnding(teller: Teller, ending: Ending): void {
  if (!isTold(ending.installed.job.notify, ending.state)) return;
  const report = reportOf(teller, ending);
  try {
    if (writeMail(teller, ending, report)) return;
  } catch (error) {
    teller.complain(`cronwright: could not put a mail in the outbox: ${errorMessage(error)}\n${shortReport(report)}`);
    return;
  }
  // Who starts a job by hand is told by the command itself, unless that was killed too.
  if (ending.trigger !== 'manual' || ending.state === 'interrupted') teller.complain(shortReport(report));
}

/** Returns whether the project has mail. */
function writeMail({ store, clock }: Teller, { installed, run, state }: Ending, report: FailureReport): boolean {
  const { project, notify } = installed.job;
  const mail = latestRevision(store, project)?.settings.mail;
  if (mail === undefined) return false;
  const entry = { id: `${run}.${state}`, project, run, recipients: recipients(notify, mail), createdAt: clock.now() };
  putInOutbox(store, { ...entry, ...failureLetter(report) });
  return true;
}

function reportOf({ host, program }: Teller, ending: Ending): FailureReport {
  const { job } = ending.installed;
  const { run, trigger, slot, state, sentence, startedAt, endedAt, attempts } = ending;
  return {
    job: job.id,
    description: job.description,
    owner: job.owner,
    host,
    run,
    command: commandText(job.command),
    trigger,
    slot,
    startedAt,
    endedAt,
    state,
    sentence,
    attempts,
    output: printableTail(Buffer.concat(ending.output.map(({ bytes }) => bytes))),
    program,
  };
}
