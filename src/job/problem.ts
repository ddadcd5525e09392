export const severities = ['error', 'warning'] as const;
export type Severity = (typeof severities)[number];

/** One finding about a jobs file. Every finding is collected; none hides another. */
export interface Problem {
  /** The file as the person named it, or its absolute path for an include. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in characters. */
  readonly column: number;
  /** How many characters the underline spans; at least 1. */
  readonly length: number;
  /** The text of the line itself, without its line end. */
  readonly source: string;
  readonly severity: Severity;
  /** Stable and kebab-case, such as `unknown-key`; the reference page lists them. */
  readonly code: string;
  /** What was found and what was expected. */
  readonly message: string;
  /** What mends it. */
  readonly hint: string | undefined;
}
