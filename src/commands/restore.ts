import { differenceBetween } from '../crontab/difference.ts';
import { type Table, TableChanged } from '../crontab/table.ts';
import { exitStatus, UserError } from '../errors.ts';
import { actingFor } from '../install/acting.ts';
import { lockOf, tableOf } from '../install/place.ts';
import { fitsOf, restore as restoreTable } from '../install/restore.ts';
import { hostZone } from '../schedule/zone/zone.ts';
import { namedSnapshot, type Snapshot } from '../store/snapshots.ts';
import { type Store, withLock } from '../store/store.ts';
import { restoring as drawDifference, restored as drawRestored } from '../terminal/human/snapshots.ts';
import { hunkView, snapshotView } from '../terminal/snapshot-view.ts';
import type { RestoreView } from '../terminal/table-views.ts';
import type { Voice } from '../terminal/voice.ts';
import { type Command, jsonOption, yesOption } from './command.ts';
import { type Context, localTime, type Options, showOnError, text, voiceOf, withStore } from './context.ts';

export const restore: Command = {
  name: 'restore',
  summary: 'write a table as a snapshot has it',
  description: `Write a table as it was, byte for byte, and keep a snapshot of what was there.
The difference is shown first: on a terminal it is asked about, elsewhere it
takes --yes. The registry stays as it is; what fits the table is said then.`,
  operands: [['<id>', 'the snapshot; cronwright snapshots lists them']],
  options: [
    ['--target <target>', 'user:NAME for a snapshot of that account’s, which takes root'],
    yesOption,
    ['--check', 'only show the difference; exit with status 1 when there is one'],
    jsonOption,
  ],
  exits: [
    ['0', 'the table is as the snapshot has it'],
    ['1', 'the answer was no, or --check found a difference'],
    ['2', 'it could not be done: no such snapshot, or the table cannot be read or written'],
  ],
  examples: ['cronwright restore 12 --check', 'cronwright restore 12', 'cronwright restore 12 --yes --json'],
  run(root, [id], options) {
    const { target, environment } = actingFor(text(options, 'target'), root.environment);
    const context = { ...root, environment };
    return withStore(context, options, async (store) => {
      const snapshot = namedSnapshot(store, id ?? '');
      if (target !== undefined && target !== snapshot.target) throw ofOther(snapshot, target);
      const table = tableOf(snapshot.target);
      return untilUnchanged({ context, options, store, snapshot, table, voice: voiceOf(context, options) });
    });
  },
};

function ofOther(snapshot: Snapshot, target: string): UserError {
  return new UserError(
    `snapshot ${snapshot.id} is of target ${snapshot.target}, not of ${target}`,
    `cronwright snapshots --target ${target} lists those`,
  );
}

/** How often a table is read again that others change at the same time. */
const mostTries = 3;

interface Restoring {
  readonly context: Context;
  readonly options: Options;
  readonly store: Store;
  readonly snapshot: Snapshot;
  readonly table: Table;
  readonly voice: Voice;
}

async function untilUnchanged(restoring: Restoring): Promise<number> {
  for (let tries = mostTries; ; tries--) {
    try {
      return await restoreOnce(restoring);
    } catch (error) {
      if (!(error instanceof TableChanged) || tries === 1) throw error;
    }
  }
}

/** @throws TableChanged when the table is not any more what was shown. */
async function restoreOnce(restoring: Restoring): Promise<number> {
  const { context, options, store, snapshot, table, voice } = restoring;
  const before = await table.read();
  const view = viewOf(restoring, before);
  if (view.hunks.length === 0 || options.check === true) {
    voice.show(view, drawDifference);
    return view.hunks.length === 0 ? exitStatus.done : exitStatus.no;
  }
  if (!(await agrees(restoring, view))) return exitStatus.no;
  const { clock, user: by, environment } = context;
  await withLock(lockOf(snapshot.target, store.directory, environment), () =>
    restoreTable(store, { snapshot, table, before, by, at: clock.now() }),
  );
  voice.show({ ...view, applied: true }, drawRestored);
  return exitStatus.done;
}

/**
 * Shows the difference to a person, and asks. JSON has it together with what was done.
 * @throws UserError where nobody is there to be asked.
 */
async function agrees({ context, options, voice, snapshot }: Restoring, view: RestoreView): Promise<boolean> {
  const { target } = snapshot;
  if (options.yes === true) {
    if (options.json !== true) voice.show(view, drawDifference);
    return true;
  }
  if (context.ask === undefined) {
    const message = `this would write the table of target ${target} anew, which needs --yes; nothing was changed`;
    throw new UserError(message, `look at cronwright restore ${snapshot.id} --check, then add --yes`);
  }
  showOnError(context, view, drawDifference);
  const agreed = await context.ask(`This will write the table of target ${target} anew. Go on?`);
  if (!agreed) context.err.write('nothing was changed\n');
  return agreed;
}

function viewOf({ context, store, snapshot }: Restoring, before: Buffer): RestoreView {
  const hunks = differenceBetween(before, snapshot.content).map(hunkView);
  const lines = hunks.flatMap((hunk) => hunk.lines);
  const number = (wanted: 'added' | 'removed') => lines.filter(({ kind }) => kind === wanted).length;
  const fits = fitsOf(store, snapshot, { zone: hostZone(), at: context.clock.now() });
  return {
    snapshot: snapshotView(snapshot, localTime),
    applied: false,
    added: number('added'),
    removed: number('removed'),
    hunks,
    projects: fits.map((fit) => ({ ...fit, revision: fit.revision ?? null })),
  };
}
