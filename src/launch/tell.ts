import type { Clock } from '../clock.ts';
import { commandText } from '../job/command-text.ts';
import { failureLetter, shortReport } from '../notify/letter.ts';
import { isTold, recipients } from '../notify/policy.ts';
import type { FailureReport } from '../notify/report.ts';
import type { Piece } from '../run/capture.ts';
import { putInOutbox } from '../store/outbox.ts';
import type { InstalledJob } from '../store/registry.ts';
import { latestRevision } from '../store/registry.ts';
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

/** What a mail shows of the output: its end. */
const outputShown = 8 * 1024;

/**
 * Tells of a run that ended, if its job asks for it: by a mail in the outbox, or, where the project has no mail, by a
 * short report on standard error.
 */
export function tellEnding(teller: Teller, ending: Ending): void {
  const { job } = ending.installed;
  if (!isTold(job.notify, ending.state)) return;
  const report = reportOf(teller, ending);
  const mail = latestRevision(teller.store, job.project)?.settings.mail;
  if (mail) {
    const id = `${ending.run}.${ending.state}`;
    const to = recipients(job.notify, mail);
    const createdAt = teller.clock.now();
    const letter = failureLetter(report);
    putInOutbox(teller.store, { ...letter, id, project: job.project, run: ending.run, recipients: to, createdAt });
  } else if (ending.trigger !== 'manual') {
    // Who starts a job by hand is told by the command itself.
    teller.complain(shortReport(report));
  }
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
    output: endOf(ending.output),
    program,
  };
}

/** The last bytes of the output, from the beginning of a line where there is one. */
function endOf(pieces: readonly Piece[]): string {
  const all = Buffer.concat(pieces.map(({ bytes }) => bytes));
  const end = new TextDecoder().decode(all.subarray(Math.max(0, all.length - outputShown)));
  const firstLine = end.indexOf('\n') + 1;
  return all.length > outputShown && firstLine < end.length ? end.slice(firstLine) : end;
}
