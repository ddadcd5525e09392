import type { Finding, Place } from './problem.ts';

/** A value that begins with `*`, which YAML takes for an alias: the first trap of every crontab schedule. */
const bareStar = /(?:^|[:\-[,{]\s*)(\*[^"'#]*)/;

function finding(code: string, message: string, hint?: string): Finding {
  return { severity: 'error', code, message, hint };
}

/**
 * What a person can do about an error of the YAML parser: its code and message, with the place it names. The column is
 * given where the cause stands before that place.
 */
export function yamlFinding(code: string, message: string, place: Place): Finding & { readonly column?: number } {
  const match = bareStar.exec(place.source);
  if (match?.[1] !== undefined && /ALIAS|UNEXPECTED_TOKEN|BAD_SCALAR_START/.test(code)) {
    const column = match.index + match[0].length - match[1].length + 1;
    return { ...starFinding(match[1].trim()), column };
  }
  switch (code) {
    case 'TAB_AS_INDENT':
      return finding('yaml-tab', 'found a tab in the indentation, expected spaces', 'replace the tab by spaces');
    case 'MULTIPLE_DOCS':
      return finding('yaml-documents', 'found a second document, expected one', 'remove the line of three dashes');
    case 'TAG_RESOLVE_FAILED':
      return finding('yaml-tag', 'found a YAML tag, expected plain values', 'remove the word that begins with !');
    case 'BAD_SCALAR_START':
      return finding('yaml-character', 'found a character that cannot begin a value', 'put the value in quotes');
    default:
      return finding('yaml-syntax', `this is not valid YAML: ${firstSentence(message)}`);
  }
}

function firstSentence(message: string): string {
  const line = message.split('\n')[0] ?? message;
  return line.charAt(0).toLowerCase() + line.slice(1);
}

function starFinding(value: string): Finding {
  return finding(
    'yaml-alias',
    'YAML reads a value that begins with * as the name of an alias, and there is none of that name',
    /^\*\S*(?:\s+\S+){4}$/.test(value) ? `quote the schedule: "${value}"` : 'put the value in double quotes',
  );
}
