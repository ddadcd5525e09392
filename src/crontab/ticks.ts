/** The state directory that a line of ours names, empty for the usual one; undefined of any other line. */
function stateOf(line: string): string | undefined {
  const found = /\/\S+(?: --state (\S+))? (?:tick$|run --(?:scheduled|at-boot) )/.exec(line);
  return found === null ? undefined : (found[1] ?? '');
}

/** As sync writes it. */
const tickForm = /^\* \* \* \* \* (?:\S+ )?\/\S+(?: --state \S+)? tick$/;

/** Whether the lines of a block start jobs of another state directory than that of the own tick, which does not serve them. */
export function isOfOthers(lines: readonly string[], own: string): boolean {
  const started = lines.filter((line) => stateOf(line) !== undefined);
  return started.length > 0 && !started.some((line) => stateOf(line) === stateOf(own));
}

/**
 * Whether a line is the tick of somebody else: of another state directory, from which other jobs of the table are started.
 * @param own the own tick.
 * @param lines all of the table.
 */
export function isTickOfOthers(line: string, own: string, lines: readonly string[]): boolean {
  const state = stateOf(line);
  if (!tickForm.test(line) || state === stateOf(own)) return false;
  return lines.some((other) => !tickForm.test(other) && stateOf(other) === state);
}
