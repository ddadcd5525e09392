import type { Clock } from '../clock.ts';
import { commandText } from '../job/command-text.ts';
import type { MailSettings } from '../job/job.ts';
import { failureLetter, shortReport } from '../notify/letter.ts';
import { isTold, recipients } from '../notify/policy.ts';
import { printableTail } from '../notify/printable.ts';
import type { FailureReport, ReportedAttempt } from '../notify/report.ts';
import type { Piece } from '../run/capture.ts';
import type { NewEntry } from '../store/outbox.ts';
import type { InstalledJob } from '../store/registry.ts';
import type { RunState, Trigger } from '../store/runs.ts';

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
  readonly attempts: readonly ReportedAttempt[];
  readonly output: readonly Piece[];
}

/** Who tells, and where. */
export interface Teller {
  readonly clock: Clock;
  readonly host: string;
  readonly program: string;
}

/** What is to be told of an ending: the mails, and a few lines for standard error where mail is none or cannot be written. */
export interface Telling {
  readonly mails: readonly NewEntry[];
  readonly report: string;
}

/** What a job asks to be told of a run that ended; undefined for nothing. */
export function telling(teller: Teller, ending: Ending, mail: MailSettings | undefined): Telling | undefined {
  const { installed, run, state } = ending;
  const { notify, project } = installed.job;
  if (!isTold(notify, state)) return undefined;
  const report = reportOf(teller, ending);
  const entry = { id: `${run}.${state}`, project, run, createdAt: teller.clock.now() };
  const mails = mail ? [{ ...entry, recipients: recipients(notify, mail), ...failureLetter(report) }] : [];
  return { mails, report: shortReport(report) };
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
