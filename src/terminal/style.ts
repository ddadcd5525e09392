import { Chalk, type ChalkInstance } from 'chalk';

/** The colours by what they mean. Without colour each leaves its text as it is. */
export interface Style {
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  faint(text: string): string;
  strong(text: string): string;
}

/** Whether a stream gets colour: on a terminal, unless NO_COLOR or FORCE_COLOR says otherwise (no-color.org). */
export function wantsColor(isTerminal: boolean, environment: Readonly<Record<string, string | undefined>>): boolean {
  const { NO_COLOR: never, FORCE_COLOR: always, TERM: kind } = environment;
  if (never !== undefined && never !== '') return false;
  if (always !== undefined && always !== '') return always !== '0' && always !== 'false';
  return isTerminal && kind !== 'dumb';
}

export function makeStyle(color: boolean): Style {
  const chalk: ChalkInstance = new Chalk({ level: color ? 1 : 0 });
  return { good: chalk.green, bad: chalk.red, warn: chalk.yellow, faint: chalk.dim, strong: chalk.bold };
}
