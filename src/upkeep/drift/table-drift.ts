import { UserError } from '../../errors.ts';
import { lockOf, tableOf } from '../../install/place.ts';
import { digestOf } from '../../job/digest.ts';
import type { Telling } from '../../launch/tell.ts';
import type { StoredWorld } from '../../launch/world.ts';
import { putInOutbox } from '../../store/outbox.ts';
import { together, withLock } from '../../store/store.ts';
import { noteLooked, type ToldOfTable, toldOf } from '../../store/watch.ts';
import { driftOfProjects, type ProjectDrift } from './of-projects.ts';
import { disturbed, putOff, type Stamped, stampOf } from './stamp.ts';
import { driftTelling } from './tell.ts';

/** Drift that changes is told again after this, in milliseconds: somebody is at work on the table. */
const toldEvery = 3_600_000;
/** Milliseconds to wait for a sync: the next tick comes in a minute. */
const patience = 500;

/** Compares tables with what was installed in them, and tells of what is news. */
export async function lookAtTables(world: StoredWorld, tables: readonly Stamped[]): Promise<void> {
  for (const table of tables) await lookAt(world, table);
}

async function lookAt(world: StoredWorld, { target, stamp }: Stamped): Promise<void> {
  const { store, clock, environment } = world;
  const [lookedAt, told] = [clock.now(), toldOf(store, target)];
  const found = await ifReadable(read(world, target));
  // That a table cannot be read is for doctor to say, and may pass.
  if (found === undefined) return noteLooked(store, { target, lookedAt, stamp: putOff, told });
  if (!found.some((one) => isOther(one, told))) {
    return noteLooked(store, { target, lookedAt, stamp, told: stillTold(found, told) });
  }
  // A sync that goes on has written the registry, and perhaps not yet the table.
  const lock = { ...lockOf(target, store.directory, environment), patience };
  const isTold = await ifReadable(withLock(lock, () => tell(world, target)));
  if (isTold === undefined) noteLooked(store, { target, lookedAt, stamp: disturbed, told });
}

async function ifReadable<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

async function read({ store }: StoredWorld, target: string): Promise<readonly ProjectDrift[]> {
  const table = await tableOf(target).read();
  return driftOfProjects(store, target, table).filter(({ drift }) => drift.length > 0);
}

/** The mark and the mails are written as one: a kill between the two would leave drift of which nobody is told. */
async function tell(world: StoredWorld, target: string): Promise<true> {
  const { store, clock, identity, complain } = world;
  const now = clock.now();
  // Before the table is read: what changes after that has another stamp.
  const stamp = stampOf(target, identity.user);
  const found = await read(world, target);
  const before = toldOf(store, target);
  const others = found.filter((one) => isOther(one, before));
  const news = others.filter(({ revision: { project } }) => Math.abs(now - (before[project]?.at ?? 0)) >= toldEvery);
  const tellings = news.map((one) => driftTelling(world, one, markOf(one)));
  const told = { ...stillTold(found, before), ...toldNow(news, now) };
  together(store, () => {
    noteLooked(store, { target, lookedAt: now, stamp: news.length < others.length ? putOff : stamp, told });
    for (const mail of mailsOf(tellings)) putInOutbox(store, mail);
  });
  for (const { mails, report } of tellings) if (mails.length === 0) complain(report);
  return true;
}

function mailsOf(tellings: readonly Telling[]): Telling['mails'] {
  return tellings.flatMap(({ mails }) => mails);
}

function isOther(one: ProjectDrift, told: ToldOfTable): boolean {
  return told[one.revision.project]?.digest !== markOf(one);
}

/** What was mended is forgotten, so that it is told when it comes again. */
function stillTold(found: readonly ProjectDrift[], told: ToldOfTable): ToldOfTable {
  return Object.fromEntries(
    Object.entries(told).filter(([name]) => found.some(({ revision }) => revision.project === name)),
  );
}

function toldNow(news: readonly ProjectDrift[], at: number): ToldOfTable {
  return Object.fromEntries(news.map((one) => [one.revision.project, { digest: markOf(one), at }]));
}

/** The numbers of lines do not count: they change with the lines of others above. */
function markOf({ drift }: ProjectDrift): string {
  const parts = drift.map(({ kind, job, wanted, found }) => [kind, job, wanted, found]);
  return digestOf(JSON.stringify(parts)).slice(0, 16);
}
