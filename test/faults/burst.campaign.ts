import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { memoryOf } from '../../src/run/process-table.ts';
import type { RunView } from '../../src/terminal/views.ts';
import { newPlace, type Place } from '../e2e/place.ts';
import { builtProgram, type Ended, type Running } from '../e2e/program.ts';
import { skipWithout } from '../schedule/requirement.ts';
import { endProcessesWith, processesWith } from './marked.ts';

const launcher = builtProgram();
const skip = skipWithout(process.platform === 'linux', '/proc');

/** What a task does, how many do so, and how such a run ends. */
interface Sort {
  readonly count: number;
  readonly command: string;
  readonly status: number;
  readonly state: string;
  /** Processes that it leaves behind. */
  readonly left: number;
}

const leftMark = 'FAULTS_LEFT=yes';
const forks = ['setsid sleep 1000', 'sh -c "setsid sleep 1000 & exit"', 'nohup sleep 1000'];
const forking = forks.map((fork) => `${leftMark} ${fork} >/dev/null 2>&1 &`).join(' ');

const sorts: Readonly<Record<string, Sort>> = {
  fine: { count: 60, command: 'echo fine', status: 0, state: 'succeeded', left: 0 },
  failing: { count: 60, command: 'echo why >&2; exit 3', status: 3, state: 'failed', left: 0 },
  hanging: { count: 30, command: 'sleep 1000', status: 124, state: 'timed-out', left: 0 },
  deaf: {
    count: 10,
    command: 'trap "" TERM; setsid sleep 1000 & while :; do sleep 1; done',
    status: 124,
    state: 'timed-out',
    left: 0,
  },
  forking: { count: 30, command: `${forking} sleep 0.5; exit 0`, status: 0, state: 'succeeded', left: forks.length },
  flooding: { count: 10, command: 'head -c 104857600 /dev/zero', status: 0, state: 'succeeded', left: 0 },
};

/** Each job with its sort, the sorts mixed. */
const jobs = Object.entries(sorts)
  .flatMap(([name, sort]) =>
    Array.from({ length: sort.count }, (_, number) => ({ job: `${name}-${number}`, name, sort })),
  )
  .sort((a, b) => Number(a.job.split('-')[1]) - Number(b.job.split('-')[1]));

const markOf = ({ path }: Place) => `FAULTS_PLACE=${path}`;

async function install(place: Place): Promise<void> {
  const env = { FAULTS_PLACE: place.path };
  const usual = { schedule: '* * * * *', grace: '500ms', env };
  const settings = jobs.map(({ job, name, sort: { command } }) => {
    const timeout = sorts[name]?.status === 124 ? '3s' : '5m';
    return [job, { ...usual, timeout, command }];
  });
  await place.install(`jobs: ${JSON.stringify(Object.fromEntries(settings))}\n`);
}

/** Keeps what memory processes had at most. */
class MemoryWatch {
  readonly #peaks = new Map<string, number>();
  readonly #wrappers = new Map<string, Running>();

  add(name: string, wrapper: Running): void {
    this.#wrappers.set(name, wrapper);
  }

  look(): void {
    for (const [name, { process: wrapper }] of this.#wrappers) {
      const memory = wrapper.pid === undefined ? undefined : memoryOf(wrapper.pid);
      if (memory) this.#peaks.set(name, Math.max(memory.peak, this.#peaks.get(name) ?? 0));
    }
  }

  /** Bytes, of those whose name begins so and that were seen. */
  peaksOf(beginning: string): readonly number[] {
    return [...this.#peaks].filter(([name]) => name.startsWith(beginning)).map(([, peak]) => peak);
  }
}

/** Starts all jobs, and looks at their memory until all have ended. */
async function burst(place: Place, watch: MemoryWatch): Promise<readonly Ended[]> {
  const looking = setInterval(() => watch.look(), 50);
  const wrappers: Running[] = [];
  for (const { job } of jobs) {
    const wrapper = place.start(['run', '--scheduled', `shop/${job}`]);
    watch.add(job, wrapper);
    wrappers.push(wrapper);
    await nextTurn();
  }
  const ended = await Promise.all(wrappers.map((wrapper) => wrapper.ended));
  clearInterval(looking);
  return ended;
}

const mebibyte = 1024 * 1024;

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

it('two hundred starts at once are all recorded as they ended, in bounded memory, and leave only what was left', {
  skip,
}, async (t) => {
  const place = newPlace(t, launcher);
  t.after(() => endProcessesWith(markOf(place)));
  await install(place);
  assert.equal(jobs.length, 200);
  const watch = new MemoryWatch();
  const ended = await burst(place, watch);
  assert.equal((await place.cronwright(['tick'])).status, 0);
  const runs = await place.json<readonly RunView[]>(['history', '--limit', '1000']);
  assert.equal(runs.length, jobs.length);
  for (const [index, { job, sort }] of jobs.entries()) {
    const run = runs.find((one) => one.job === `shop/${job}`);
    const { status, err } = ended[index] ?? {};
    assert.deepEqual({ job, status, state: run?.state }, { job, status: sort.status, state: sort.state }, err);
  }
  const left = jobs.reduce((sum, { sort }) => sum + sort.left, 0);
  assert.equal(processesWith(markOf(place)).length, left);
  assert.equal(processesWith(markOf(place)).filter((pid) => processesWith(leftMark).includes(pid)).length, left);
  const [plain, flooded] = [median(watch.peaksOf('hanging')), Math.max(...watch.peaksOf('flooding'))];
  t.diagnostic(
    `peak memory in MiB: ${Math.round(plain / mebibyte)} as usual, ${Math.round(flooded / mebibyte)} with 100 MiB of output`,
  );
  assert.ok(plain > 0 && flooded > 0 && flooded - plain <= 16 * mebibyte, `${plain} and ${flooded} bytes`);
});
