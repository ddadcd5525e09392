import type { Letter } from './letter.ts';
import { printable, printableLine } from './printable.ts';
import { shorten, wrap } from './wrap.ts';

/** What keeps the database from being used. */
export interface StoreReport {
  readonly host: string;
  /** The state directory. */
  readonly state: string;
  readonly message: string;
  /** What mends it; empty where nobody knows. */
  readonly hint: string;
}

const width = 76;
const subjectLength = 250;

/** The mail about a database that cannot be used. The tasks run meanwhile. */
export function troubleLetter({ host, state, message, hint }: StoreReport): Letter {
  const paragraphs = [
    `cronwright on ${printableLine(host)} cannot use the database in ${printableLine(state)}.`,
    printable(message),
    ...(hint === '' ? [] : [`What may mend it: ${printable(hint)}`]),
    'The jobs run all the same. Their records wait in the spool and are taken in once the database can be used; until ' +
      'then history and list do not show them. This mail is repeated every hour.',
  ];
  const text = paragraphs.map((paragraph) => wrap(paragraph, width).join('\n')).join('\n\n');
  return {
    subject: shorten(printableLine(`[${host}] cronwright cannot use its database`), subjectLength),
    text: `${text}\n`,
  };
}
