// The first file of the program, and the only one that any Node.js must be able to read: it loads nothing else before
// it knows the version, because on an older one better-sqlite3 takes the whole process down instead of throwing.

const needed = [22, 18] as const;

/** Exit statuses 2 and 125 of errors.ts, which is not loaded yet. */
const couldNot = { anything: 2, run: 125 };

/** What cron starts. It has a chunk of its own, because the time to load it is paid every minute of the day. */
const unattended = ['--scheduled', '--at-boot', '--probe'];

const words = process.argv.slice(2);
/** A table may name a state directory of its own: `--state DIRECTORY run --scheduled shop/backup`. */
const [verb = '', mode = ''] = words[0] === '--state' ? words.slice(2) : words;

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > needed[0] || (major === needed[0] && minor >= needed[1]);
}

function isUnattended(): boolean {
  if (verb === 'run') return unattended.includes(mode);
  return verb === 'tick' && mode === '';
}

if (!isNewEnough(process.versions.node)) {
  process.stderr.write(
    `cronwright: ${process.execPath} is Node.js ${process.versions.node}, but ${needed.join('.')} or later is needed.\n` +
      'Install a newer one, or set CRONWRIGHT_NODE to the path of one that is already there.\n',
  );
  process.exitCode = verb === 'run' ? couldNot.run : couldNot.anything;
} else if (isUnattended()) {
  await import('./wrapper.ts');
} else {
  await import('./cli.ts');
}
