/** A program that starts another one, which is the one that matters. */
export interface Wrapper {
  /** Its options that take the word behind them. */
  readonly valued: readonly string[];
  /** How many words stand between its options and the command. */
  readonly operands: number;
}

const bare: Wrapper = { valued: [], operands: 0 };

/** What people put in front of a command in a crontab. */
export const wrappers: ReadonlyMap<string, Wrapper> = new Map([
  ['flock', { valued: ['-w', '-E', '--timeout', '--wait', '--conflict-exit-code'], operands: 1 }],
  ['timeout', { valued: ['-s', '-k', '--signal', '--kill-after'], operands: 1 }],
  ['nice', { valued: ['-n', '--adjustment'], operands: 0 }],
  ['ionice', { valued: ['-c', '-n', '--class', '--classdata'], operands: 0 }],
  ['sudo', { valued: ['-u', '-g', '-h', '-p', '-C', '-D', '-r', '-t', '-T', '-U'], operands: 0 }],
  ['doas', { valued: ['-u', '-C'], operands: 0 }],
  ['runuser', { valued: ['-u', '-g', '-G'], operands: 0 }],
  ['env', { valued: ['-u', '-C', '--unset', '--chdir'], operands: 0 }],
  ['systemd-cat', { valued: ['-t', '-p'], operands: 0 }],
  ['stdbuf', { valued: ['-i', '-o', '-e'], operands: 0 }],
  ['taskset', { valued: [], operands: 1 }],
  ['chrt', { valued: [], operands: 1 }],
  ['docker', { valued: ['-u', '-e', '-w', '--user', '--env', '--workdir', '-f'], operands: 2 }],
  ['podman', { valued: ['-u', '-e', '-w', '--user', '--env', '--workdir'], operands: 2 }],
  ['bundle', { valued: [], operands: 1 }],
  ...['exec', 'command', 'time', 'nohup', 'setsid', 'chronic', 'cronic', 'unbuffer'].map(
    (name) => [name, bare] as const,
  ),
]);

/** The words of a command behind a wrapper: past its options and operands, and variables that it sets. */
export function unwrapped(words: readonly string[], { valued, operands }: Wrapper): readonly string[] {
  let index = 1;
  for (let left = operands; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word === '--' || /^[A-Za-z_]\w*=/.test(word)) continue;
    if (valued.includes(word)) index++;
    else if (word.startsWith('-')) continue;
    else if (left-- === 0) break;
  }
  return words.slice(index);
}
