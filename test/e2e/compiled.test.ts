import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { newPlace, type Place } from './place.ts';
import { builtProgram } from './program.ts';

const launcher = builtProgram();

const compiled = (place: Place) => join(place.state, 'compiled');
/** What is kept of the wrapper; Node keeps what it has of modules in folders beside. */
const keptStarts = (place: Place) =>
  readdirSync(place.state, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.parentPath === compiled(place))
    .map(({ name }) => name);

async function mustRun(place: Place, ...words: readonly string[]): Promise<void> {
  const { status, err } = await place.cronwright(words);
  assert.equal(status, 0, err);
}

describe('what cron starts', () => {
  it('keeps its compiled code once it did its work, and the next start of the kind takes it', async (t) => {
    const place = newPlace(t, launcher);
    // sync starts the launcher once as well, which is no work.
    await place.install('jobs: { boot: { schedule: "@reboot", command: "true" } }\n');
    assert.deepEqual(keptStarts(place), []);
    await mustRun(place, 'run', '--at-boot', 'shop/boot');
    await mustRun(place, 'tick');
    assert.deepEqual(keptStarts(place).sort(), ['run', 'tick']);
    const inode = () => statSync(join(compiled(place), 'run')).ino;
    const before = inode();
    await mustRun(place, 'run', '--at-boot', 'shop/boot');
    assert.equal(inode(), before);
  });

  it('is given the code of its own text alone', async (t) => {
    const place = newPlace(t, launcher);
    await place.install('jobs: { boot: { schedule: "@reboot", command: "true" } }\n');
    await mustRun(place, 'run', '--at-boot', 'shop/boot');
    const stamp = readFileSync(join(compiled(place), 'run'), 'latin1').slice(0, 66);
    assert.match(stamp, /^\/\/[0-9a-f]{64}$/);
    assert.ok(readFileSync(join(launcher, '../../dist/wrapper.script.js'), 'latin1').startsWith(`${stamp}\n`));
  });
});
