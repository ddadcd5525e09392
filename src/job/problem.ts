export const severities = ['error', 'warning'] as const;
export type Severity = (typeof severities)[number];

/** Some characters of a file. */
export interface Place {
  /** The file as the person named it, or beside it for an include. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 code units. */
  readonly column: number;
  /** How many characters the underline spans; at least 1. */
  readonly length: number;
  /** The text of the line itself, without its line end. */
  readonly source: string;
}

/** What is wrong, without its place. */
export interface Finding {
  readonly severity: Severity;
  /** Stable and kebab-case, such as `unknown-key`; the reference page lists them. */
  readonly code: string;
  /** What was found and what was expected. */
  readonly message: string;
  /** What mends it. */
  readonly hint: string | undefined;
}

/** One finding about a jobs file. Every one is collected; none hides another. */
export type Problem = Place & Finding;
