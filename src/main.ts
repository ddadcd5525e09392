// The first file of the program, and the only one that any Node.js must be able to read: it loads nothing else before
// it knows the version, because on an older one better-sqlite3 takes the whole process down instead of throwing.

const needed = [22, 18] as const;

/** Exit statuses 2 and 125 of errors.ts, which is not loaded yet. */
const couldNot = { anything: 2, run: 125 };

/** What cron starts. It has a chunk of its own, because the time to load it is paid every minute of the day. */
const unattended = ['--scheduled', '--at-boot', '--probe'];

const words = process.argv.slice(2);
/** A table may name a state directory of its own: `--state DIRECTORY run --scheduled shop/backup`. */
const state = words[0] === '--state' ? words[1] : process.env.CRONWRIGHT_STATE;
const [verb = '', mode = ''] = words[0] === '--state' ? words.slice(2) : words;

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

/**
 * Keeps V8's compiled code between starts, a twentieth of the wrapper's processor time. Whoever can write it decides
 * what runs next, so it lies only where nobody else can: in a state directory that is there, one's own and closed.
 */
function keepCompiled(directory: string): void {
  if (isPrivate(directory)) process.getBuiltinModule('node:module').enableCompileCache(`${directory}/compiled`);
}

function isPrivate(directory: string): boolean {
  try {
    const { uid, mode } = process.getBuiltinModule('node:fs').statSync(directory);
    return uid === process.geteuid?.() && (mode & 0o077) === 0;
  } catch {
    return false;
  }
}

if (isNewEnough(process.versions.node)) {
  keepCompiled(state || usualState());
  if (isUnattended()) await import('./wrapper.ts');
  else await import('./cli.ts');
} else {
  process.stderr.write(
    `cronwright: ${process.execPath} is Node.js ${process.versions.node}, but ${needed.join('.')} or later is needed.\n` +
      'Install a newer one, or set CRONWRIGHT_NODE to the path of one that is already there.\n',
  );
  process.exitCode = verb === 'run' ? couldNot.run : couldNot.anything;
}
