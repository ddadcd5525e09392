import type { Command } from './job.ts';

/** A command as a person would type it: a shell line as it is, a program's words quoted where a shell would need it. */
export function commandText(command: Command): string {
  return command.kind === 'shell' ? command.line.trim() : command.argv.map(quotedWord).join(' ');
}

function quotedWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
