import type { Command } from '../job/job.ts';

/** The program that a command starts, and its arguments: a line goes to the shell that cron uses. */
export function argvOf(command: Command): readonly [string, ...string[]] {
  return command.kind === 'shell' ? ['/bin/sh', '-c', command.line] : command.argv;
}
