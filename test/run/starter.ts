/*
 * A process that starts one task and prints what became of it, as JSON: what a test needs that has to prepare the whole
 * process, its descriptors, its limits or its account. The only argument is the wish, as JSON.
 */
import { closeSync, openSync } from 'node:fs';
import { accountOf } from '../../src/job/account.ts';
import type { ProcessPlan } from '../../src/run/process.ts';
import { finish, program, refused, type Started, type Wish } from './start.ts';

const wish: Wish = JSON.parse(process.argv[2] ?? '');
const pauses: number[] = [];
const filling: number[] = [];

function fill(): void {
  try {
    for (;;) filling.push(openSync('/dev/null', 'r'));
  } catch {
    // Now there are no more.
  }
}

const clock = {
  now: () => Date.now(),
  sleep: async (ms: number) => {
    pauses.push(ms);
    if (pauses.length === wish.fullUntilPause) for (const descriptor of filling) closeSync(descriptor);
  },
};

const plan: ProcessPlan = {
  ...program(...wish.argv),
  identity: wish.user === undefined ? undefined : accountOf(wish.user),
  nice: wish.nice ?? 0,
  handed: process.env.CRONWRIGHT_PIPES,
  clock,
};
// Standard output is opened lazily, and needs a descriptor.
process.stdout.write('');
if (wish.fullUntilPause !== undefined) fill();
for (let attempt = 1; attempt < (wish.attempts ?? 1); attempt++) await finish(plan);
const started = wish.isRefused ? { refused: await refused(plan) } : { finished: await finish(plan) };
if (wish.isRefused) for (const descriptor of filling) closeSync(descriptor);
const answer: Started = { ...started, pauses };
process.stdout.write(JSON.stringify(answer));
