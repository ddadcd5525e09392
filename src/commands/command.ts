import type { Context, Options } from './context.ts';

/** A command, described apart from the library that reads the command line. Every one has the same parts. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Longer words for the help page, where the summary does not say it. */
  readonly description?: string;
  /** Operands such as `<job>` and `[file]`, with what they are. */
  readonly operands?: readonly (readonly [syntax: string, meaning: string])[];
  readonly options?: readonly (readonly [syntax: string, meaning: string])[];
  /** What its exit statuses mean. */
  readonly exits: readonly (readonly [status: string, meaning: string])[];
  readonly examples: readonly string[];
  /** Does the work and returns the exit status. */
  run(context: Context, operands: readonly (string | undefined)[], options: Options): number | Promise<number>;
}

/** The option of every command that shows something. */
export const jsonOption = ['--json', 'print JSON'] as const;

/** The option of every command that takes away what somebody may want to keep. */
export const yesOption = ['--yes', 'do not ask'] as const;

/** The statuses that every command shares. */
export const commonExits = [
  ['0', 'done'],
  ['2', 'it could not be done: usage, or something unreadable'],
] as const;
