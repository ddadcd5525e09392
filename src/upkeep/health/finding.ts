export const findingStates = ['ok', 'warning', 'problem', 'unknown'] as const;

/** What a check found. */
export interface HealthFinding {
  /** Stable and kebab-case, such as `daemon`. */
  readonly check: string;
  readonly state: (typeof findingStates)[number];
  readonly message: string;
  /** What mends it; null where nothing is to be done. */
  readonly remedy: string | null;
}

export function fine(check: string, message: string): HealthFinding {
  return { check, state: 'ok', message, remedy: null };
}

export function bad(check: string, message: string, remedy: string): HealthFinding {
  return { check, state: 'problem', message, remedy };
}

export function doubtful(check: string, message: string, remedy: string): HealthFinding {
  return { check, state: 'warning', message, remedy };
}
