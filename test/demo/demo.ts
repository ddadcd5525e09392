import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { styleText } from 'node:util';

/*
 * The main job from end to end, on jobs.example.yaml, without a cron: cronwright's own foreground scheduler starts the
 * installed jobs by the clock. Everything lies in one directory, which is gone when the demonstration is over.
 */

const root = join(import.meta.dirname, '../..');
const program = join(root, 'bin/cronwright');
const home = mkdtempSync(join(tmpdir(), 'cronwright-demo-'));
const table = join(home, 'crontab');
const environment = {
  ...process.env,
  CRONWRIGHT_FILE: 'jobs.example.yaml',
  CRONWRIGHT_STATE: join(home, 'state'),
};

/** The jobs of the example that are due each minute. */
const everyMinute = ['shop/fetch-rates', 'shop/heartbeat', 'shop/import-orders'];
const longestWait = 85_000;

function say(text: string): void {
  process.stdout.write(`\n${styleText('bold', `# ${text}`)}\n`);
}

function cronwright(...words: string[]): void {
  process.stdout.write(`${styleText('cyan', `$ cronwright ${words.join(' ')}`)}\n`);
  const { status } = spawnSync(program, words, {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error(`cronwright ${words.join(' ')} ended with status ${status}`);
}

interface Run {
  readonly job: string;
  readonly state: string;
}

function endedRuns(): readonly Run[] {
  const words = ['history', '--json'];
  const { stdout } = spawnSync(program, words, { cwd: root, env: environment, encoding: 'utf8' });
  return (JSON.parse(stdout) as Run[]).filter(({ state }) => state !== 'running');
}

/** Lets the foreground scheduler run until each job that is due every minute has had its turn. */
async function runByTheClock(): Promise<void> {
  process.stdout.write(`${styleText('cyan', '$ cronwright start')}\n`);
  const scheduler = spawn(program, ['start'], { cwd: root, env: environment, stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = once(scheduler, 'exit');
  const deadline = Date.now() + longestWait;
  const missing = (): readonly string[] => everyMinute.filter((job) => !endedRuns().some((run) => run.job === job));
  await delay(61_000 - (Date.now() % 60_000));
  while (missing().length > 0 && Date.now() < deadline) await delay(500);
  scheduler.kill('SIGTERM');
  await ended;
  if (missing().length > 0) throw new Error(`these jobs did not end in time: ${missing().join(', ')}`);
}

try {
  say('A jobs file is checked before anything runs. jobs.example.yaml:');
  cronwright('validate');
  say('What would be installed? This goes into a file in place of your crontab.');
  cronwright('plan', '--target', `file:${table}`);
  say('Install it. A second time there is nothing to do.');
  cronwright('sync', '--target', `file:${table}`);
  cronwright('sync', '--target', `file:${table}`);
  say('The table holds one short line for each job:');
  process.stdout.write(
    readFileSync(table, 'utf8').replaceAll(`${root}/`, '…/').replaceAll(`--state ${home}`, '--state …'),
  );
  say('Now the clock starts what is due, in place of cron; the next full minute is at most 60 s away.');
  await runByTheClock();
  say('One job succeeded, one did at its third attempt, one failed for good and was reported:');
  cronwright('list');
  cronwright('history');
  cronwright('logs', 'shop/fetch-rates');
  cronwright('logs', 'shop/import-orders');
  say('That was all, and nothing of it is left. To begin: cronwright init');
} finally {
  rmSync(home, { recursive: true, force: true });
}
