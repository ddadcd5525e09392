import type { Ground } from './ground.ts';

/** What a wrapper's life is made of: how its task goes, and what else is started meanwhile. */
export interface Kind {
  readonly name: string;
  /** What the task does between its first and its last note. */
  readonly work: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Further starts of the job: of the same slot at once, or others a little later. */
  readonly others?: 'same-slot' | 'later';
}

/** Says so where another task of the job is there: the lock is the kernel's, and goes with the last process that has it. */
const alone = (directory: string) => `exec 9>>"${directory}/lock-\${CRONWRIGHT_JOB#*/}"; flock -n 9 || note twin;`;

/** A process with this in its environment was left behind on purpose. */
export const leftMark = 'FAULTS_LEFT=yes';

const retry = (attempts: number) => ({ attempts, delay: '200ms', backoff: 'fixed', jitter: 0 });

export const kinds: readonly Kind[] = [
  { name: 'short', work: ':', others: 'same-slot' },
  { name: 'long', work: 'sleep 0.8' },
  { name: 'writing', work: "head -c 300000 /dev/zero | tr '\\0' x; echo much >&2; sleep 0.2" },
  { name: 'failing', work: 'note done; exit 3' },
  { name: 'retrying', work: 'note done; exit 7', settings: { retry: retry(3) } },
  { name: 'retrying-long', work: 'sleep 0.4; note done; exit 7', settings: { retry: retry(2) } },
  { name: 'too-long', work: 'sleep 600', settings: { timeout: '1s', retry: retry(2) } },
  { name: 'session', work: 'setsid sleep 1.2 & sleep 0.2' },
  { name: 'leaving', work: `${leftMark} setsid sleep 600 >/dev/null 2>&1 & sleep 0.1` },
  { name: 'skipping', work: 'sleep 0.5', settings: { overlap: 'skip' }, others: 'later' },
  { name: 'waiting', work: 'sleep 0.3', settings: { overlap: 'wait' }, others: 'later' },
  { name: 'replacing', work: 'sleep 0.6', settings: { overlap: 'replace' }, others: 'later' },
];

/** The entry by which the processes of a campaign are known. */
export const markOf = ({ notes }: Ground): string => `FAULTS_PLACE=${notes}`;

/** The settings of a job of a kind. Its task appends what it does to a file: a proof that no database has a part in. */
export function settingsOf({ notes, path }: Ground, { work, settings, others }: Kind): object {
  const line = '"$1 $CRONWRIGHT_JOB ${CRONWRIGHT_SLOT:--} $CRONWRIGHT_RUN $CRONWRIGHT_ATTEMPT"';
  const note = `note() { echo ${line} >>'${notes}'; }`;
  const command = `${note}; ${others === 'later' ? alone(path) : ''} note begun; ${work}; note done`;
  // Where no cron goes, most slots are missed, and their letters are not what is looked at here.
  const notify = { on: ['failure'] };
  const usual = { schedule: '* * * * *', timeout: '4s', grace: '300ms', env: { FAULTS_PLACE: notes }, notify };
  return { ...usual, command, ...settings };
}

/** A line of that file. */
export interface Note {
  readonly what: string;
  readonly job: string;
  /** ISO 8601; undefined for a run without one. */
  readonly slot: string | undefined;
  readonly run: string;
  readonly attempt: number;
}

export function notesOf(ground: Ground): readonly Note[] {
  return ground.noted().map((line) => {
    const [what = '', job = '', slot, run = '', attempt] = line.split(' ');
    return { what, job, slot: slot === '-' ? undefined : slot, run, attempt: Number(attempt) };
  });
}
