import type { Obstructed, Proposal } from './proposal.ts';

/*
 * Lines of a table that are the same word for word, under other variables perhaps. `replaces:` cannot tell them apart, so
 * that either all of them are adopted or none.
 */

/** The proposals that are chosen, and those of the lines that are the same as theirs. */
export function withTwins(proposals: readonly Proposal[], chosen: readonly Proposal[]): readonly Proposal[] {
  const keys = new Set(chosen.map(keyOf));
  return proposals.filter((one) => keys.has(keyOf(one)));
}

/** The same entries, without proposals for those that are the same as one that stays. */
export function withoutTorn(judged: readonly (Proposal | Obstructed)[]): readonly (Proposal | Obstructed)[] {
  const staying = new Map(judged.flatMap((one) => ('job' in one ? [] : [[keyOf(one), one] as const])));
  return judged.map((one) => {
    const twin = staying.get(keyOf(one));
    return 'job' in one && twin !== undefined ? torn(one, twin) : one;
  });
}

function torn({ source, entry: { line, text } }: Proposal, twin: Obstructed): Obstructed {
  const obstacle = `line ${twin.line} is the same and stays, and replaces: could not tell which of them is meant`;
  return { source, line, text, obstacle, remedy: 'make the two lines differ, by a blank for example' };
}

function keyOf(one: Proposal | Obstructed): string {
  return `${one.source.name}\n${'job' in one ? one.entry.text : one.text}`;
}
