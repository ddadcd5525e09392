import { once } from 'node:events';
import { hostname } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { CommanderError, Command as Program } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { systemClock } from './clock.ts';
import type { Command } from './commands/command.ts';
import type { Context, Options, Outlet } from './commands/context.ts';
import { errorCode, exitStatus, UserError } from './errors.ts';
import { ownAccount } from './job/account.ts';
import { harmless, wrap } from './terminal/layout.ts';
import { makeStyle, type Style, wantsColor } from './terminal/style.ts';

/** The commands by the groups of the help page. Each is loaded when it is named, and all of them for that page. */
const groups: Readonly<Record<string, Readonly<Record<string, () => Promise<Command>>>>> = {
  'Jobs file:': {
    init: async () => (await import('./commands/init.ts')).init,
    validate: async () => (await import('./commands/validate.ts')).validate,
    schema: async () => (await import('./commands/schema.ts')).schema,
  },
  'Installing:': {
    plan: async () => (await import('./commands/plan.ts')).plan,
    sync: async () => (await import('./commands/sync.ts')).sync,
    drift: async () => (await import('./commands/drift.ts')).drift,
    adopt: async () => (await import('./commands/adopt.ts')).adopt,
    snapshots: async () => (await import('./commands/snapshots.ts')).snapshots,
    restore: async () => (await import('./commands/restore.ts')).restore,
    rollback: async () => (await import('./commands/rollback.ts')).rollback,
    doctor: async () => (await import('./commands/doctor.ts')).doctor,
  },
  'Looking:': {
    list: async () => (await import('./commands/list.ts')).list,
    show: async () => (await import('./commands/show.ts')).show,
    next: async () => (await import('./commands/next.ts')).next,
    why: async () => (await import('./commands/why.ts')).why,
    history: async () => (await import('./commands/history.ts')).history,
    logs: async () => (await import('./commands/logs.ts')).logs,
  },
  'Running:': {
    run: async () => (await import('./commands/run.ts')).run,
    cancel: async () => (await import('./commands/cancel.ts')).cancel,
    pause: async () => (await import('./commands/pause.ts')).pause,
    resume: async () => (await import('./commands/resume.ts')).resume,
    unlock: async () => (await import('./commands/unlock.ts')).unlock,
    start: async () => (await import('./commands/start.ts')).start,
    tick: async () => (await import('./commands/tick.ts')).tick,
  },
};

function outlet(stream: NodeJS.WriteStream): Outlet {
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY === true,
    width: stream.isTTY ? stream.columns || 80 : 80,
  };
}

/** Aborted with the signal's name; a second signal of the same kind ends the program as usual. */
function cancelOnSignals(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => controller.abort(signal));
  }
  return controller.signal;
}

/**
 * Who acts. Under sudo that is two accounts, and only the second is certain: sudo(8) says who called it, and anybody can
 * set a variable.
 */
function acting(): string {
  const { user } = ownAccount();
  const { SUDO_USER: caller } = process.env;
  const isNamed = caller !== undefined && caller !== user && /^[A-Za-z0-9_.][A-Za-z0-9_.@+-]*\$?$/.test(caller);
  return process.geteuid?.() === 0 && isNamed ? `${caller} as ${user}` : user;
}

/** Only a terminal has somebody who sees the question and can answer it. */
function asker(cancel: AbortSignal): Context['ask'] {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  return async (question) => {
    // The terminal itself edits the line; readline would take Ctrl-C and Ctrl-D for errors.
    const line = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
    const refused = Promise.race([once(line, 'close'), once(cancel, 'abort')]).then(() => undefined);
    try {
      const answer = await Promise.race([line.question(`${question} [y/N] `), refused]);
      // The line of the question is still open.
      if (answer === undefined) process.stderr.write('\n');
      return /^y(?:es)?$/i.test(answer?.trim() ?? '');
    } finally {
      line.close();
    }
  };
}

function worldContext(): Context {
  const cancel = cancelOnSignals();
  return {
    clock: systemClock,
    environment: process.env,
    out: outlet(process.stdout),
    err: outlet(process.stderr),
    launcher: fileURLToPath(new URL('../bin/cronwright', import.meta.url)),
    version: packageJson.version,
    user: acting(),
    host: hostname(),
    cancel,
    ask: asker(cancel),
  };
}

function namedCommand(words: readonly string[]): string | undefined {
  return words.find((word) => Object.values(groups).some((group) => Object.hasOwn(group, word)));
}

/** The commands to declare: the one that is named, or all where a help page or an error is to list them. */
async function commandsFor(words: readonly string[]): Promise<ReadonlyMap<string, readonly Command[]>> {
  const named = namedCommand(words);
  const loaded = new Map<string, readonly Command[]>();
  for (const [title, group] of Object.entries(groups)) {
    const wanted = Object.entries(group).filter(([name]) => named === undefined || named === name);
    loaded.set(title, await Promise.all(wanted.map(([, load]) => load())));
  }
  return loaded;
}

const pageWidth = 80;

function newProgram(words: readonly string[]): Program {
  const program = new Program('cronwright')
    .description('Jobs from one YAML file, kept in the system crontab: planned, installed, run, retried, recorded.')
    .version(packageJson.version, '-V, --version', 'print the version')
    .option('--file <path>', 'the jobs file; also CRONWRIGHT_FILE')
    .option('--state <directory>', 'where state is kept; also CRONWRIGHT_STATE')
    .configureHelp({ showGlobalOptions: true, helpWidth: pageWidth })
    .helpOption('-h, --help', 'show this page')
    .helpCommand('help [command]', 'show the help page of a command')
    .exitOverride();
  // The error is thrown as well, and reported as JSON.
  return asJson(words) ? program.configureOutput({ outputError: () => undefined }) : program;
}

function asJson(words: readonly string[]): boolean {
  return words.includes('--json');
}

/** Rows of two columns that fit the page. */
function rows(pairs: readonly (readonly [string, string])[]): readonly string[] {
  const first = Math.max(...pairs.map(([text]) => text.length)) + 4;
  return pairs.map(([text, meaning]) => {
    const wrapped = wrap(meaning, pageWidth, ' '.repeat(first));
    return `  ${text}`.padEnd(first) + wrapped.slice(first);
  });
}

function declare(
  program: Program,
  command: Command,
  act: (name: Command, operands: string[], options: Options) => Promise<void>,
): void {
  const declared = program.command(command.name).summary(command.summary).exitOverride();
  declared.description(command.description ?? `${command.summary.charAt(0).toUpperCase()}${command.summary.slice(1)}.`);
  for (const [syntax, meaning] of command.operands ?? []) declared.argument(syntax, meaning);
  for (const [syntax, meaning] of command.options ?? []) declared.option(syntax, meaning);
  declared.addHelpText('after', ['', 'Exit status:', ...rows(command.exits)].join('\n'));
  declared.addHelpText('after', ['', 'Examples:', ...command.examples.map((example) => `  ${example}`)].join('\n'));
  declared.action(async (...given: unknown[]) => {
    // An operand such as `<job...>` comes as a list, and is the last.
    const operands = given.slice(0, command.operands?.length ?? 0).flat() as string[];
    await act(command, operands, declared.optsWithGlobals());
  });
}

/** Says what went wrong, and returns the exit status for it. A status 2 of `run` would be the task’s own. */
function report(error: unknown, words: readonly string[], style: Style): number {
  const failed = namedCommand(words) === 'run' ? exitStatus.wrapper : exitStatus.failed;
  if (error instanceof CommanderError) return reportUsage(error, asJson(words), failed);
  if (!(error instanceof UserError)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`${style.bad('bug:')} cronwright failed in a way nobody foresaw\n${stack}\n`);
    return failed;
  }
  const { message, hint } = error;
  const exit = error.exit === exitStatus.failed ? failed : error.exit;
  if (asJson(words)) return reportAsJson(message, hint, exit);
  // What a program or a table of somebody else's said may be part of it.
  const remedy = hint === undefined ? '' : `  ${style.faint('→')} ${folded(harmless(hint), '    ')}\n`;
  process.stderr.write(`${style.bad('error:')} ${folded(harmless(message), '  ')}\n${remedy}`);
  return exit;
}

/** A text as a terminal shows it without breaking a word; whole where it goes to a file, in which somebody may search. */
function folded(text: string, indent: string): string {
  const { isTTY, columns } = process.stderr;
  if (!isTTY) return text;
  const lines = text.split('\n').map((line) => {
    return wrap(line, (columns || pageWidth) - 'error: '.length).replaceAll('\n', `\n${indent}`);
  });
  return lines.join('\n');
}

/** What commander objects to, it has already shown to a person; a help page is no failure. */
function reportUsage({ exitCode, message }: CommanderError, json: boolean, failed: number): number {
  if (exitCode === 0) return exitStatus.done;
  return json ? reportAsJson(message.replace(/^error: /, ''), undefined, failed) : failed;
}

function reportAsJson(message: string, hint: string | undefined, exit: number): number {
  process.stderr.write(`${JSON.stringify({ error: { message, hint: hint ?? null, exit } })}\n`);
  return exit;
}

/** What these do is done to its end, whether or not somebody still reads of it. */
const doing: readonly (string | undefined)[] = [
  'sync',
  'adopt',
  'restore',
  'rollback',
  'run',
  'cancel',
  'pause',
  'resume',
  'unlock',
  'start',
  'tick',
];

/** A reader that has seen enough, such as head(1), closes the pipe: that is no failure. */
function whenReaderIsGone(words: readonly string[]): (error: unknown) => void {
  return (error) => {
    if (errorCode(error) !== 'EPIPE') throw error;
    if (!doing.includes(namedCommand(words))) process.exit(process.exitCode ?? exitStatus.done);
  };
}

async function main(words: readonly string[]): Promise<void> {
  process.stdout.on('error', whenReaderIsGone(words));
  process.stderr.on('error', whenReaderIsGone(words));
  const style = makeStyle(wantsColor(process.stderr.isTTY === true, process.env));
  try {
    const program = newProgram(words);
    for (const [title, commands] of await commandsFor(words)) {
      program.commandsGroup(title);
      for (const command of commands) {
        declare(program, command, async (chosen, operands, options) => {
          process.exitCode = await chosen.run(worldContext(), operands, options);
        });
      }
    }
    if (words.length === 0) program.outputHelp();
    else await program.parseAsync([...words], { from: 'user' });
  } catch (error) {
    process.exitCode = report(error, words, style);
  }
}

await main(process.argv.slice(2));
