import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { LogView, RunView } from '../../src/terminal/views.ts';
import { newPlace, type Place } from '../e2e/place.ts';
import { clockMovedBy, type Running } from '../e2e/program.ts';
import { type MailServer, startServer } from '../notify/rig.ts';
import { temporaryDirectory } from '../temporary.ts';
import { type Mounts, newMounts } from './mounts.ts';

/** A place among mounts of its own, with a mail server, where tasks note what they do. */
export interface Ground extends Place {
  readonly mounts: Mounts;
  /** The program that starts cronwright here. */
  readonly launcher: string;
  readonly server: MailServer;
  /** The name of a job that no other place has: a wrapper without a database takes tasks of one name for those of one job. */
  readonly job: string;
  /** The absolute path of a file beyond all trouble, to which tasks append lines. */
  readonly notes: string;
  noted(): readonly string[];
  /** Installs that job, or others by their names, telling by mail. */
  installJob(settings: object): Promise<void>;
  installJobs(jobs: Readonly<Record<string, object>>): Promise<void>;
  /** Starts it as cron does, with variables beside the usual ones. All starts of a test are in the same minute, however long it takes. */
  asCron(also?: NodeJS.ProcessEnv): Running;
  /** What the tick does, so many milliseconds after the starts. */
  tick(later?: number): Promise<void>;
  runs(): Promise<readonly RunView[]>;
  log(run: string): Promise<LogView>;
  /** The Message-IDs that the server has got, each as often as it came. */
  messageIds(): readonly string[];
}

const minute = 60_000;
const directory = temporaryDirectory();
let grounds = 0;

export async function newGround(t: TestContext, launcher: string): Promise<Ground> {
  const mounts = await newMounts(t);
  const entrance = mounts.entrance(launcher);
  const place = newPlace(t, entrance);
  const server = await startServer(t);
  const notes = join(mkdtempSync(join(directory, 'ground-')), 'notes');
  const intoTheMinute = 5_000 - (Date.now() % minute);
  const job = `report-${process.pid}-${grounds++}`;
  const mail = `mail: { from: cron@shop.example, to: [ops@shop.example], smtp: "smtp://127.0.0.1:${server.port}" }`;
  const clock = (later = 0) => ({ also: clockMovedBy(intoTheMinute + later) });
  const ground: Ground = {
    ...place,
    mounts,
    launcher: entrance,
    server,
    job,
    notes,
    noted: () => linesIn(notes),
    installJob: (settings) => ground.installJobs({ [job]: settings }),
    installJobs: async (jobs) => void (await place.install(`${mail}\njobs: ${JSON.stringify(jobs)}\n`)),
    asCron: (also) => place.start(['run', '--scheduled', `shop/${job}`], { also: { ...clock().also, ...also } }),
    async tick(later) {
      const { status, err } = await place.cronwright(['tick'], clock(later));
      if (status !== 0) throw new Error(`tick exited with status ${status}: ${err}`);
    },
    // No cron goes here, so that the tick finds what it would have started.
    runs: async () => {
      const all: readonly RunView[] = await place.json(['history', '--limit', '10000']);
      return all.filter(({ state }) => state !== 'missed');
    },
    log: (run) => place.json(['logs', run]),
    messageIds: () => server.mails.map(({ bytes }) => messageId(bytes)),
  };
  return ground;
}

function messageId(mail: Buffer): string {
  return /^Message-ID: <(.*)>\r?$/im.exec(mail.toString('latin1'))?.[1] ?? '';
}

export function linesIn(path: string): readonly string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
}
