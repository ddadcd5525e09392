import assert from 'node:assert/strict';
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { RunView, WhyView } from '../../src/terminal/views.ts';
import type { ReasonCode } from '../../src/upkeep/why/reason.ts';
import { skipWithout } from '../schedule/requirement.ts';
import { writeFile } from '../temporary.ts';
import { type CronWorld, canMakeCronWorld, makeCronWorld } from './cron-world.ts';
import { newPlace, type Place } from './place.ts';
import { builtProgram, clockMovedBy, type Ended, run, until } from './program.ts';

const launcher = builtProgram();
const [minute, hour] = [60_000, 3_600_000];
const isRoot = userInfo().uid === 0;
/** A mount and a clock of one's own are root's to make. */
const asRoot = { skip: skipWithout(isRoot && existsSync('/usr/bin/unshare'), 'root and unshare') };

/** Variables under which it is this instant, in a zone. */
function at(instant: number | string, zone = 'UTC'): NodeJS.ProcessEnv {
  const wanted = typeof instant === 'string' ? Date.parse(instant) : instant;
  return { TZ: zone, ...clockMovedBy(wanted - Date.now()) };
}

/** What `why` answers, and what it says to people, on one line; undefined where they were not asked for. */
type Answered = WhyView & { readonly page?: string };

/** A place where time is what a test says. */
interface Site extends Place {
  /** Installs jobs at an instant. */
  installAt(time: number | string, jobs: string, zone?: string): Promise<void>;
  /** Runs cronwright at an instant. */
  does(time: number | string, ...words: string[]): Promise<Ended>;
  /** What `why` answers at an instant. */
  why(time: number | string, words: readonly string[], zone?: string): Promise<Answered>;
}

function newSite(t: TestContext, program = launcher): Site {
  const place = newPlace(t, program);
  const does = (time: number | string, ...words: string[]) => place.cronwright(words, { also: at(time) });
  return {
    ...place,
    does,
    async installAt(time, jobs, zone) {
      place.jobs(jobs);
      const words = ['sync', '--yes', '--target', `file:${place.table}`];
      const { status, out, err } = await place.cronwright(words, { also: at(time, zone) });
      assert.equal(status, 0, out + err);
    },
    async why(time, words, zone) {
      const options = { also: at(time, zone) };
      const [json, page] = await Promise.all([
        place.cronwright(['why', ...words, '--json'], options),
        place.cronwright(['why', ...words], options),
      ]);
      assert.deepEqual([json.status, json.err, page.status, page.err], [0, '', 0, '']);
      return { ...readAnswer(json.out), page: page.out.replace(/\s+/g, ' ') };
    },
  };
}

const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../docs/schema/why.json'), 'utf8'));
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });

/** An answer as it is printed; it is what the schema describes. */
function readAnswer(out: string): WhyView {
  const view = JSON.parse(out) as WhyView;
  assert.ok(ajv.validate(schema, view), `${ajv.errorsText()}\n${out}`);
  return view;
}

/** The answer names this cause first, in these words, to people too. */
function names(view: Answered, code: ReasonCode, words: RegExp): void {
  const [main] = view.reasons;
  assert.equal(main?.code, code, JSON.stringify(view, null, 2));
  assert.match(main.message, words);
  if (view.page !== undefined) assert.match(view.page, words);
}

/** The answer has this cause as well. */
function tells(view: WhyView, code: ReasonCode, words: RegExp): void {
  const found = view.reasons.find((one) => one.code === code);
  assert.ok(found, `${code} is not among ${JSON.stringify(view.reasons, null, 2)}`);
  assert.match([found.message, ...found.evidence, found.remedy].join('\n'), words);
}

const nightly = 'jobs:\n  night: { schedule: daily at 02:30, command: "true" }\n';
/** A Tuesday. */
const noon = Date.parse('2026-11-24T12:00Z');

describe('why says that a job', { concurrency: 2 }, () => {
  it('is in the jobs file and was never installed', async (t) => {
    const site = newSite(t);
    await site.installAt(noon, 'jobs: {}\n');
    site.jobs(nightly);
    const view = await site.why(noon, ['night']);
    names(view, 'never-installed', /shop\/night was never installed: the jobs file has it/);
    assert.equal(view.reasons[0]?.remedy, 'cronwright sync');
  });

  it('was not installed yet, and was removed', async (t) => {
    const site = newSite(t);
    await site.installAt(noon, nightly);
    names(await site.why(noon, ['night', '--at', '2026-11-24 02:30']), 'not-installed-then', /not installed yet/);
    await site.installAt(noon + hour, 'jobs: {}\n');
    const gone = await site.why(noon + 48 * hour, ['shop/night', '--at', 'today 02:30']);
    names(gone, 'not-installed-then', /revision 2 removed it at Tue 2026-11-24 13:00/);
    names(await site.why(noon + 48 * hour, ['night']), 'not-installed-then', /removed/);
  });

  it('had another schedule then', async (t) => {
    const site = newSite(t);
    await site.installAt(noon, nightly.replace('02:30', '04:00'));
    await site.installAt(noon + 24 * hour, nightly);
    const asked = ['night', '--at', '2026-11-25 02:30'];
    const view = await site.why(noon + 48 * hour, asked);
    names(view, 'schedule-changed-since', /revision 1 was in force, with schedule "daily at 04:00"/);
    tells(view, 'not-scheduled', /next time: Wed 2026-11-25 04:00/);
    assert.equal(view.revision, 1);
  });

  it('has no slot then, before its next one, and after', async (t) => {
    const site = newSite(t);
    await site.installAt(noon, nightly);
    const view = await site.why(noon, ['night', '--at', '2026-11-25T02:31Z']);
    names(view, 'not-scheduled', /Wed 2026-11-25 02:31 is none of its times: every day at 02:30/);
    tells(view, 'not-scheduled', /time before: Wed 2026-11-25 02:30[\s\S]*next time: Thu 2026-11-26 02:30/);
  });

  it('was woken by its line and gated by its calendar', async (t) => {
    const site = newSite(t);
    const foreign = nightly.replace('command', 'timezone: Europe/Berlin, command');
    await site.installAt(noon, foreign);
    // In summer it is due an hour earlier in UTC: the line has both.
    const view = await site.why('2026-12-02T12:00Z', ['night', '--at', '2026-12-01T00:30Z']);
    names(view, 'gated', /line in the crontab woke cronwright/);
    assert.equal((await site.does('2026-12-01T00:30Z', 'run', '--scheduled', 'shop/night')).status, 0);
    assert.deepEqual(await site.json(['history']), []);
  });

  it('was moved, left out or not repeated by daylight saving', async (t) => {
    const site = newSite(t);
    const berlin = 'schedule: daily at 02:30, command: "true", timezone: Europe/Berlin';
    await site.installAt(
      '2026-03-01T00:00Z',
      `jobs:\n  moved: { ${berlin} }\n  left: { ${berlin}, dst: { skipped: skip } }\n`,
    );
    await site.does('2026-03-29T01:00:10Z', 'run', '--scheduled', 'shop/moved');
    const late = '2026-11-24T12:00Z';
    const moved = await site.why(late, ['moved', '--at', '2026-03-29 02:30']);
    names(moved, 'moved-by-daylight-saving', /no Sun 2026-03-29 02:30.* from 02:00 to 03:00: it was due .* 03:00/);
    tells(moved, 'ran', /succeeded/);
    assert.equal(moved.at, null);
    const left = await site.why(late, ['left', '--at', '2026-03-29 02:30']);
    names(left, 'skipped-by-daylight-saving', /There was no Sun 2026-03-29 02:30/);
    const second = await site.why(late, ['moved', '--at', '2026-10-25T02:30+01:00']);
    names(second, 'not-repeated', /came twice/);
  });

  it('was left out on a holiday, before its start and after its end', async (t) => {
    const site = newSite(t);
    const event = ['BEGIN:VEVENT', 'UID:1', 'DTSTART;VALUE=DATE:20261225', 'SUMMARY:Christmas Day', 'END:VEVENT'];
    writeFile(
      site.path,
      'holidays.ics',
      ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:x', ...event, 'END:VCALENDAR', ''].join('\r\n'),
    );
    const bounds = 'start: 2026-12-01, end: 2026-12-31, except: [{ file: holidays.ics }]';
    await site.installAt(noon, nightly.replace('command', `${bounds}, command`));
    const ask = (day: string) => site.why('2027-01-10T12:00Z', ['night', '--at', `${day} 02:30`]);
    names(await ask('2026-12-25'), 'holiday', /Christmas Day/);
    names(await ask('2026-11-30'), 'before-start', /no time before Tue 2026-12-01 00:00/);
    names(await ask('2027-01-05'), 'end-passed', /no time after Thu 2026-12-31 23:59/);
    names(await site.why('2027-01-10T12:00Z', ['night']), 'end-passed', /end/);
    names(await site.why(noon, ['night']), 'before-start', /start/);
  });

  it('is not due yet', async (t) => {
    const site = newSite(t);
    await site.installAt(noon, nightly);
    names(await site.why(noon, ['night', '--at', 'tomorrow 02:30']), 'future', /in 14 hours/);
    names(await site.why(noon, ['night']), 'future', /It is due at Wed 2026-11-25 02:30/);
  });

  it('ran: at its slot, late, by hand', async (t) => {
    const site = newSite(t);
    await site.installAt(noon, 'jobs:\n  hourly: { schedule: hourly, command: exit 3 }\n');
    await site.does(noon + hour + 5_000, 'run', '--scheduled', 'shop/hourly');
    await site.does(noon + 2 * hour + 3 * minute, 'run', '--scheduled', 'shop/hourly');
    await site.does(noon + 2 * hour + 30 * minute, 'run', 'shop/hourly');
    const ask = (time: string) => site.why(noon + 3 * hour - minute, ['hourly', '--at', time]);
    names(await ask('13:00'), 'ran', /began at Tue 2026-11-24 13:00:\d\d and failed: exited with status 3/);
    names(await ask('14:00'), 'ran', /3 minutes.* late/);
    names(await ask('14:03'), 'ran', /for the slot of Tue 2026-11-24 14:00/);
    names(await ask('14:30'), 'ran', /started by hand/);
    const day = await site.why(noon + 3 * hour - minute, ['hourly', '--at', '2026-11-24']);
    assert.deepEqual(
      day.slots.map(({ code, count }) => [code, count]),
      [
        ['ran', 2],
        ['future', 9],
      ],
    );
  });

  it('is running, was skipped for the run that went on, waits, and was replaced', async (t) => {
    const site = newSite(t);
    const slow = 'schedule: every 1m, command: [sleep, "60"]';
    await site.installAt(
      noon,
      `jobs:\n  slow: { ${slow} }\n  waits: { ${slow}, overlap: wait }\n  newest: { ${slow}, overlap: replace }\n`,
    );
    const begin = (job: string, time: number) => site.start(['run', '--scheduled', `shop/${job}`], { also: at(time) });
    for (const job of ['slow', 'waits', 'newest']) begin(job, noon + minute);
    const states = async (job: string) =>
      (await site.json<readonly { state: string }[]>(['history', job])).map(({ state }) => state);
    for (const job of ['slow', 'waits', 'newest']) {
      await until(`${job} runs`, async () => (await states(job))[0] === 'running');
    }
    await site.does(noon + 2 * minute, 'run', '--scheduled', 'shop/slow');
    for (const job of ['waits', 'newest']) begin(job, noon + 2 * minute);
    await until('one waits', async () => (await states('waits')).includes('waiting'));
    await until('one is replaced', async () => (await states('newest')).includes('cancelled'));
    const now = noon + 2 * minute + 30_000;
    const running = await site.why(now, ['slow']);
    names(running, 'running', /It is running: run \w+ began/);
    const skipped = await site.why(now, ['slow', '--at', '12:02']);
    names(skipped, 'overlap', /run \w+ \(process \d+, started .* before\) was still going/);
    assert.equal(skipped.reasons[0]?.run, running.reasons[0]?.run);
    tells(await site.why(now, ['waits']), 'waiting', /because run \w+ goes on/);
    names(await site.why(now, ['newest', '--at', '12:01']), 'replaced', /which replaces it/);
    for (const job of ['slow', 'waits', 'newest']) await site.does(now, 'cancel', job, '--all');
    names(await site.why(now, ['slow', '--at', '12:01']), 'cancelled', /was cancelled by /);
  });

  it('has no line any more, or another', async (t) => {
    const site = newSite(t);
    await site.installAt(noon, nightly);
    const table = readFileSync(site.table, 'utf8');
    writeFileSync(site.table, table.replace('30 2 * * *', '30 3 * * *'));
    const edited = await site.why(noon, ['night']);
    names(edited, 'line-edited', /edited/);
    tells(edited, 'line-edited', /expected: 30 2 .*[\s\S]*found: 30 3 .*[\s\S]*cronwright sync/);
    writeFileSync(site.table, table.replace(/^30 2 .*\n/m, ''));
    names(await site.why(noon, ['night']), 'line-absent', /Its line is not in the table/);
    writeFileSync(site.table, '');
    names(await site.why(noon + 24 * hour, ['night', '--at', '02:30']), 'line-absent', /whole block of shop is gone/);
    writeFileSync(site.table, table.replace('# END cronwright shop\n', ''));
    names(await site.why(noon + 24 * hour, ['night', '--at', '02:30']), 'table-unreadable', /begins a block/);
  });

  it('belongs to a host that was in another time zone', async (t) => {
    const site = newSite(t);
    await site.installAt(noon, nightly, 'Europe/Berlin');
    const view = await site.why(noon, ['night'], 'America/New_York');
    names(view, 'host-zone-changed', /is America\/New_York now, and the lines were made for Europe\/Berlin/);
  });

  it('cannot be started, because nobody may execute the launcher', async (t) => {
    const own = newPlace(t, launcher).path;
    const copy = join(own, 'program');
    cpSync(dirname(dirname(launcher)), copy, { recursive: true, verbatimSymlinks: true });
    const program = join(copy, 'bin/cronwright');
    const site = newSite(t, program);
    await site.installAt(noon, nightly);
    chmodSync(program, 0o644);
    const words = ['sh', program, '--state', site.state, 'why', 'night', '--at', '02:30', '--json'] as const;
    const { out, err } = await run(words, { also: at(noon + 24 * hour) });
    assert.equal(err, '');
    names(readAnswer(out), 'launcher-not-startable', /[Pp]ermission denied/);
  });

  it('was launched although the database cannot be used', async (t) => {
    const site = newSite(t);
    await site.installAt(noon, nightly);
    for (const end of ['-wal', '-shm']) rmSync(join(site.state, `cronwright.db${end}`), { force: true });
    writeFileSync(join(site.state, 'cronwright.db'), 'no database');
    const slot = noon + 14.5 * hour;
    await site.does(slot + 1_000, 'run', '--scheduled', 'shop/night');
    const ran = await site.why(slot + minute, ['shop/night', '--at', '02:30']);
    names(ran, 'database-unusable', /It ran while the database could not be used: run \w+ .*succeeded/);
    const unknown = await site.why(slot + 24 * hour + minute, ['shop/night', '--at', '02:30']);
    names(unknown, 'database-unusable', /not known here/);
  });

  it('is paused, and was skipped for it', async (t) => {
    const site = newSite(t);
    await site.installAt(noon, nightly);
    const because = ['--reason', 'the disk is being moved', '--for', '24h'];
    const { status, err } = await site.does(noon, 'pause', 'night', ...because);
    assert.equal(status, 0, err);
    await site.does(noon + 14.5 * hour, 'run', '--scheduled', 'shop/night');
    const now = await site.why(noon + 15 * hour, ['night']);
    names(now, 'paused', /paused by \S+ since Tue 2026-11-24 12:00: the disk is being moved/);
    tells(now, 'paused', /goes on until Wed 2026-11-25 12:00[\s\S]*cronwright resume shop\/night/);
    const then = await site.why(noon + 72 * hour, ['night', '--at', '2026-11-25 02:30']);
    names(then, 'paused', /was paused by \S+ since/);
    tells(then, 'paused', /recorded as skipped/);
  });
});

describe('why says that the tick did not come, because', { concurrency: 2 }, () => {
  /** A tick, perhaps by other clocks of the machine. */
  const later = (site: Site, time: number, ...around: string[]): Promise<Ended> =>
    run([...around, launcher, '--state', site.state, 'tick'] as unknown as [string], { also: at(time) });

  /** The ticks of the first minutes behind a gap: what was missed in it is found once they go on. */
  const ticksAgain = async (site: Site, ...around: string[]) => {
    for (const passed of [0, 2, 4]) await later(site, morning + passed * minute, ...around);
  };

  const asked = ['night', '--at', '2026-11-25 02:30'];
  const morning = noon + 20 * hour;

  it('the clock was set forward; the slot was missed', async (t) => {
    const site = newSite(t);
    await site.installAt(noon, nightly);
    await later(site, noon + minute);
    await ticksAgain(site);
    const view = await site.why(morning + 4 * minute, asked);
    names(view, 'clock-forward', /The clock was set forward by 19 hours 59 minutes/);
    tells(view, 'missed', /The tick of Wed 2026-11-25 08:04:\d\d found it[\s\S]*missed: run-once/);
  });

  it('the clock was set back; the slot ran once', async (t) => {
    const site = newSite(t);
    await site.installAt(noon, 'jobs:\n  half: { schedule: "30 * * * *", command: "true" }\n');
    await site.does(noon + 30 * minute, 'run', '--scheduled', 'shop/half');
    await later(site, noon + hour);
    await later(site, noon);
    await site.does(noon + 30 * minute, 'run', '--scheduled', 'shop/half');
    const view = await site.why(noon + hour, ['half', '--at', '12:30']);
    names(view, 'ran', /succeeded/);
    tells(view, 'clock-back', /set back by 1 hour.* runs once/);
  });

  it('the machine was off; it made up for the slot later', asRoot, async (t) => {
    const site = newSite(t);
    await site.installAt(noon, nightly.replace('command', 'missed: run-once, command'));
    await later(site, noon + minute);
    const boot = writeFile(site.path, 'boot-id', '6f1f2a5e-0000-4000-8000-000000000000\n');
    const script = 'mount --bind "$0" /proc/sys/kernel/random/boot_id && exec "$@"';
    await ticksAgain(site, 'unshare', '--mount', 'sh', '-c', script, boot);
    const runs = () => site.json<readonly RunView[]>(['history']);
    await until('it has run', async () => (await runs()).some(({ state }) => state === 'succeeded'));
    const view = await site.why(morning + hour, asked);
    names(view, 'caught-up-later', /which made up for Wed 2026-11-25 02:30 later, began .* 08:04:\d\d and succeeded/);
    tells(view, 'machine-off', /off between Tue 2026-11-24 12:01 and Wed 2026-11-25 08:00/);
  });

  it('the machine was asleep; the slot is to be made up for', asRoot, async (t) => {
    const site = newSite(t);
    await site.installAt(
      noon,
      'jobs:\n  night: { schedule: daily at 02:30, missed: run-all, command: [sleep, "60"] }\n',
    );
    await later(site, noon + minute);
    site.start(['run', 'night'], { also: at(noon + minute) });
    const isGoing = async () => (await site.json<readonly RunView[]>(['history']))[0]?.state === 'running';
    await until('it runs', isGoing);
    const passed = String((morning - noon - minute) / 1_000);
    await ticksAgain(site, 'unshare', '--time', '--fork', '--boottime', passed);
    const view = await site.why(morning, asked);
    names(view, 'machine-asleep', /asleep between Tue 2026-11-24 12:01 and Wed 2026-11-25 08:00/);
    tells(view, 'owed', /until Thu 2026-11-26 02:30/);
    await site.does(morning, 'cancel', 'night', '--all');
  });

  it('cron stood still, and perhaps still does', asRoot, async (t) => {
    const site = newSite(t);
    await site.installAt(noon, nightly);
    await later(site, noon + minute);
    const passed = String((morning - noon - minute) / 1_000);
    const clocks = ['unshare', '--time', '--fork', '--boottime', passed, '--monotonic', passed] as const;
    const words = [...clocks, launcher, '--state', site.state, 'why', ...asked, '--json'] as const;
    const during = await run(words, { also: at(morning) });
    names(readAnswer(during.out), 'cron-silent', /nothing since Tue 2026-11-24 12:01, 19 hours 59 minutes ago/);
    await ticksAgain(site, ...clocks);
    const after = await run(words, { also: at(morning + 5 * minute) });
    const view = readAnswer(after.out);
    names(view, 'cron-silent', /between Tue 2026-11-24 12:01 and Wed 2026-11-25 08:00/);
    tells(view, 'missed', /recorded as missed/);
  });

  it('it did come, while the line was away', async (t) => {
    const site = newSite(t);
    const night = Date.parse('2026-11-25T02:24Z');
    await site.installAt(night, nightly);
    const table = readFileSync(site.table, 'utf8');
    writeFileSync(site.table, table.replace(/^30 2 .*\n/m, ''));
    for (let tick = night; tick <= night + 12 * minute; tick += 2 * minute) await later(site, tick);
    writeFileSync(site.table, table);
    const view = await site.why(night + 12 * minute, asked);
    names(view, 'line-absent', /The tick found then: its line is no longer in the crontab/);
    tells(view, 'missed', /recorded as missed/);
  });
});

const needs = 'root, Debian’s cron, unshare and openssl';
const denial = '#!/bin/sh\necho "You (root) are not allowed to use this program (crontab)" >&2\nexit 1\n';

describe('why beside the real cron', { skip: skipWithout(canMakeCronWorld(), needs) }, () => {
  it('names a daemon that does not run, what it ran, a table that it refuses, and a user that it denies', async (t) => {
    const path = mkdtempSync(join(tmpdir(), 'cronwright-why-'));
    t.after(() => rmSync(path, { recursive: true }));
    const world = await makeCronWorld(t, path);
    const file = writeFile(
      path,
      'jobs.yaml',
      'version: 1\nproject: shop\njobs:\n  often: { schedule: every 1m, command: "true" }\n',
    );
    const why = (...words: string[]) => answer(world, ['--file', file, 'why', 'often', ...words]);
    assert.equal((await world.run(launcher, '--file', file, 'sync')).status, 0);
    names(await why(), 'daemon-not-running', /No cron daemon is running/);
    const stopCron = await world.startCron();
    await until('cron has run it', async () => (await why()).reasons.some(({ code }) => code === 'ran'), 75_000);
    names(await why(), 'future', /It is due at/);
    const table = readFileSync(world.spoolFile);
    writeFileSync(world.spoolFile, Buffer.concat([table, Buffer.from(`0 0 * * * echo ${'x'.repeat(995)}\n`)]));
    const refused = await why();
    names(refused, 'table-refused', /refuses the whole table.*command too long/);
    tells(refused, 'table-refused', /line \d+: its command has 1000 bytes/);
    writeFileSync(world.spoolFile, Buffer.concat([table, Buffer.from('0 0 31 13 * true\n')]));
    names(await why(), 'table-refused', /bad month/);
    writeFileSync(world.spoolFile, table);
    chmodSync(world.spoolFile, 0o666);
    names(await why(), 'table-refused', /mode 0666/);
    chmodSync(world.spoolFile, 0o600);
    await stopCron();
    names(await why(), 'daemon-not-running', /No cron daemon is running/);
    const stub = writeFile(path, 'crontab', denial, 0o755);
    await world.run('mount', '--bind', stub, '/usr/bin/crontab');
    tells(await why(), 'cron-denied', /not allowed[\s\S]*cron\.allow/);
  });
});

async function answer(world: CronWorld, words: readonly string[]): Promise<WhyView> {
  const { out, err } = await world.run(launcher, ...words, '--json');
  assert.equal(err, '');
  return readAnswer(out);
}
