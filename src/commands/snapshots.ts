import { parseTarget, targetLabel } from '../crontab/target.ts';
import { exitStatus } from '../errors.ts';
import { actingFor } from '../install/acting.ts';
import { namedSnapshot, type Snapshot, snapshots as snapshotsOf } from '../store/snapshots.ts';
import type { Store } from '../store/store.ts';
import { snapshots as drawSnapshots } from '../terminal/human/snapshots.ts';
import { harmless } from '../terminal/layout.ts';
import { snapshotView } from '../terminal/snapshot-view.ts';
import type { SnapshotContentView } from '../terminal/table-views.ts';
import { type Command, jsonOption } from './command.ts';
import { type Context, localTime, type Options, text, voiceOf, withStore, withStoreIfAny } from './context.ts';

export const snapshots: Command = {
  name: 'snapshots',
  summary: 'list the tables as they were before each write',
  description: `List the tables as they were before each write, with who wrote them, when and
why. Of each table the newest 50 are kept, and not more than 16 MiB. With the
number of one, print that table byte for byte.`,
  operands: [['[id]', 'print this one']],
  options: [['--target <target>', 'only of this table: user, user:NAME, cron.d or file:PATH'], jsonOption],
  exits: [
    ['0', 'done'],
    ['2', 'it could not be done: no such snapshot, or something unreadable'],
  ],
  examples: ['cronwright snapshots', 'cronwright snapshots 12 | less', 'cronwright snapshots --target user --json'],
  run(root, [id], options) {
    const { target, environment } = actingFor(text(options, 'target'), root.environment);
    const context = { ...root, environment };
    return id === undefined
      ? withStoreIfAny(context, options, (store) => list(context, options, { store, target }))
      : withStore(context, options, (store) => print(context, options, namedSnapshot(store, id)));
  },
};

interface Listed {
  readonly store: Store | undefined;
  readonly target: string | undefined;
}

function list(context: Context, options: Options, { store, target: wanted }: Listed): number {
  const isWanted = namedBy(wanted);
  const rows = store === undefined ? [] : snapshotsOf(store).filter(({ target }) => isWanted(target));
  voiceOf(context, options).show(
    rows.map((row) => snapshotView(row, localTime)),
    drawSnapshots,
  );
  return exitStatus.done;
}

/** Whether a table's label is what `--target` names; `cron.d` without a name stands for the files of all projects. */
function namedBy(target: string | undefined): (label: string) => boolean {
  if (target === undefined) return () => true;
  if (target === 'cron.d') return (label) => label.startsWith('cron.d:');
  const wanted = target.startsWith('/') ? target : targetLabel(parseTarget(target));
  return (label) => label === wanted;
}

function print(context: Context, options: Options, snapshot: Snapshot): number {
  if (options.json !== true) {
    // A terminal obeys what an account may have written in its table.
    context.out.write(context.out.isTerminal ? harmless(snapshot.content.toString()) : snapshot.content);
    return exitStatus.done;
  }
  const view: SnapshotContentView = { ...snapshotView(snapshot, localTime), content: snapshot.content.toString() };
  voiceOf(context, options).show(view, () => '');
  return exitStatus.done;
}
