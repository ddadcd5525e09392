// The first file of the program, and the only one that any Node.js must be able to read: it loads nothing else before
// it knows the version, because on an older one better-sqlite3 takes the whole process down instead of throwing.

const needed = [22, 18] as const;

/** Exit statuses 2 and 125 of errors.ts, which is not loaded yet. */
const couldNot = { anything: 2, run: 125 };

/** What cron and the tick start. It has a file of its own, because the time to load it is paid every minute of the day. */
const unattended = ['--scheduled', '--at-boot', '--retry', '--catch-up', '--probe'];

const words = process.argv.slice(2);
/** A table may name a state directory of its own: `--state DIRECTORY run --scheduled shop/backup`. */
const state = words[0] === '--state' ? words[1] : process.env.CRONWRIGHT_STATE;
const [verb = '', mode = ''] = words[0] === '--state' ? words.slice(2) : words;

/** The module of what nobody watches. */
type Unattended = typeof import('./wrapper.ts');

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > needed[0] || (major === needed[0] && minor >= needed[1]);
}

function isUnattended(): boolean {
  if (verb === 'run') return unattended.includes(mode);
  return verb === 'tick' && mode === '';
}

/** As store/state.ts has it, which is among what is to be compiled. A wrong guess costs time and nothing else. */
function usualState(): string {
  if (process.geteuid?.() === 0) return '/var/lib/cronwright';
  return `${process.env.XDG_STATE_HOME || `${process.env.HOME}/.local/state`}/cronwright`;
}

async function start(): Promise<void> {
  const { keepModules, privatePlace, readScript } = await import('./compiled.ts');
  const place = privatePlace(state || usualState());
  const load = (name: string): Promise<object> => {
    keepModules(place);
    return import(name);
  };
  if (!isUnattended()) {
    keepModules(place);
    await import('./cli.ts');
    return;
  }
  const name = verb === 'tick' ? 'tick' : 'wrapper';
  const script = readScript<Unattended>(`${import.meta.dirname}/${name}.script.js`, place && `${place}/${verb}`);
  const { ended } = script === undefined ? await fromSources() : script.run(load);
  if (await ended) script?.keep();
  // Nothing is left to wait for, and to take all down piece by piece costs a run 1 ms.
  process.exit();
}

/** A checkout has modules and no script. */
function fromSources(): Promise<Unattended> {
  return verb === 'tick' ? import('./tick.ts') : import('./wrapper.ts');
}

if (isNewEnough(process.versions.node)) {
  void start();
} else {
  process.stderr.write(
    `cronwright: ${process.execPath} is Node.js ${process.versions.node}, but ${needed.join('.')} or later is needed.\n` +
      'Install a newer one, or set CRONWRIGHT_NODE to the path of one that is already there.\n',
  );
  process.exitCode = verb === 'run' ? couldNot.run : couldNot.anything;
}
