import { createRequire } from 'node:module';
import type * as Library from 're2js';
import { errorMessage, exitStatus, UserError } from '../errors.ts';

/** An expression that says of any text, in time linear to its length, whether some part of it fits. */
export interface Pattern {
  matches(text: string): boolean;
}

/**
 * An expression in the syntax of RE2 (github.com/google/re2/wiki/Syntax): no look-around and no back-references, and so
 * nothing that a text could make hang.
 * @throws UserError with what RE2 objects to.
 */
export function compilePattern(source: string): Pattern {
  const { RE2JS } = library();
  try {
    const expression = RE2JS.compile(source);
    return { matches: (text) => expression.test(text) };
  } catch (error) {
    const message = `RE2 does not accept the expression: ${objection(errorMessage(error))}`;
    throw new UserError(message, hintFor(source), exitStatus.failed, error);
  }
}

/** By need, and without waiting: it is a quarter of a megabyte, and most files and most runs have no pattern. */
function library(): typeof Library {
  return createRequire(`${import.meta.dirname}/`)('re2js');
}

/** The library's sentence without the words in which all of them begin: `missing closing ): a(b`. */
function objection(message: string): string {
  return message.replace(/^error parsing regexp: /, '').replaceAll('`', '');
}

function hintFor(source: string): string {
  if (/\(\?<?[=!]/.test(source)) return 'RE2 has no look-around; write what is to be there instead';
  if (/\\[1-9]/.test(source)) return 'RE2 has no back-references; write the alternatives out';
  return 'the syntax is that of RE2: github.com/google/re2/wiki/Syntax';
}
