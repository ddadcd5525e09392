import assert from 'node:assert/strict';
import type { Ground } from './ground.ts';

const head = 'the first line';
const tail = 'the last line';

/** A job whose task notes its run, says more than is kept, and fails with status 3. */
export function failing({ notes }: Ground, before = ''): object {
  const much = "head -c 400000 /dev/zero | tr '\\0' .";
  const command = `echo "$CRONWRIGHT_RUN" >>'${notes}'; ${before} echo ${head}; ${much}; echo; echo ${tail}; exit 3`;
  return { schedule: '* * * * *', command };
}

const minute = 60_000;

/**
 * Expects that the task ran once, that the tick brings its record into the history with the head and the
 * tail of its output, and that one mail tells of it, however often the tick comes.
 */
export async function expectRecorded(ground: Ground): Promise<void> {
  const noted = ground.noted();
  assert.equal(noted.length, 1, `it ran as ${noted}`);
  const [run = ''] = noted;
  for (const later of [0, 2 * minute, 15 * minute]) {
    await ground.tick(later);
    await expectOneFailure(ground, run);
  }
}

/** Expects that run alone in the history, as it ended, with one mail about it. */
export async function expectOneFailure(ground: Ground, run: string): Promise<void> {
  const runs = await ground.runs();
  const known = runs.map(({ run, state, exitCode }) => ({ run, state, exitCode }));
  assert.deepEqual(known, [{ run, state: 'failed', exitCode: 3 }]);
  const { output } = await ground.log(run);
  const text = output.map((piece) => piece.text).join('');
  assert.ok(text.startsWith(`${head}\n`) && text.endsWith(`${tail}\n`), `kept ${text.length} characters of its output`);
  const told = ground.messageIds().filter((id) => id.startsWith(run));
  assert.equal(told.length, 1, `told ${told.length} times`);
}
