import type { Finding } from './problem.ts';
import { children, type Range, type Scalar, type Tree } from './tree.ts';

/** A finding with the characters it is about. */
export interface Trap {
  readonly range: Range;
  readonly finding: Finding;
}

/** What YAML 1.1 takes for a boolean and YAML 1.2 for a text (yaml.org/type/bool.html). */
const booleanWord = /^(?:y|yes|n|no|on|off)$/i;
/** A number with a leading zero: octal in YAML 1.1, decimal in YAML 1.2. */
const octalLook = /^[-+]?0\d+$/;
/** Hours and minutes: a base-60 number in YAML 1.1, a text in YAML 1.2. It means what it says only in quotes. */
const sixtiesLook = /^\d{1,2}:\d{2}$/;

/** The unquoted values that two YAML readers would read differently, whatever the schema wants there. */
export function traps(tree: Tree): readonly Trap[] {
  const found: Trap[] = [];
  const seen = new Set<Tree>();
  const visit = (node: Tree): void => {
    if (seen.has(node)) return;
    seen.add(node);
    const finding = node.kind === 'scalar' && node.plain ? scalarFinding(node) : undefined;
    if (finding) found.push({ range: node.range, finding });
    for (const value of children(node)) visit(value);
  };
  visit(tree);
  return found;
}

function scalarFinding({ written, value }: Scalar): Finding | undefined {
  if (booleanWord.test(written)) return ambiguous('yaml-boolean', written, 'a boolean', 'a text');
  if (octalLook.test(written)) {
    return ambiguous('yaml-octal', written, `the octal number ${Number.parseInt(written, 8)}`, `the number ${value}`);
  }
  return sixtiesLook.test(written) ? ambiguous('yaml-sixties', written, 'a base-60 number', 'a text') : undefined;
}

function ambiguous(code: string, written: string, older: string, newer: string): Finding {
  return {
    severity: 'error',
    code,
    message: `found ${written} without quotes: ${older} in YAML 1.1, ${newer} in YAML 1.2`,
    hint: code === 'yaml-boolean' ? `write true or false, or the text as "${written}"` : `write "${written}"`,
  };
}
