// Runs a task that writes as many MiB as the first argument says, keeps its output as a run does, and prints by how
// many KiB the resident memory of this process grew at most.
import { systemClock } from '../../src/clock.ts';
import { Capture } from '../../src/run/capture.ts';
import { runTask } from '../../src/run/task.ts';
import { task } from './rig.ts';

const nothing = () => undefined;
const cancel = new AbortController().signal;
const capture = new Capture();
const before = process.memoryUsage.rss();
let peak = before;
let chunks = 0;

await runTask(task('floods', [process.argv[2] ?? '1']), {
  clock: systemClock,
  cancel,
  observer: {
    attemptStarted: nothing,
    reported: nothing,
    attemptEnded: nothing,
    waiting: nothing,
    output({ stream, attempt, bytes, at }) {
      capture.push(stream, attempt, bytes, at);
      if (++chunks % 64 === 0) {
        capture.changes();
        peak = Math.max(peak, process.memoryUsage.rss());
      }
    },
  },
});
process.stdout.write(JSON.stringify({ grownKiB: Math.round((peak - before) / 1024), ...capture.totals() }));
