export const findingStates = ['ok', 'warning', 'problem', 'unknown'] as const;
export type FindingState = (typeof findingStates)[number];

/**
 * What is looked at, by its group. The groups stand in the order of a job's way, and so do the checks of each: what comes
 * first holds up all that comes after.
 */
export const checkGroups = {
  cron: ['crontab', 'allowed', 'daemon', 'spool', 'system-file', 'cron', 'limits'],
  jobs: ['jobs', 'launcher', 'trust', 'runtime', 'table', 'zone', 'tick', 'accounts', 'environment', 'jobs-file'],
  state: ['state', 'store', 'disk'],
  mail: ['mail-settings', 'mail', 'test-mail'],
  machine: ['clock'],
} as const;
export type FindingGroup = keyof typeof checkGroups;
export type Check = (typeof checkGroups)[FindingGroup][number];

/** What a check found. */
export interface HealthFinding {
  readonly check: Check;
  readonly state: FindingState;
  readonly message: string;
  /** What mends it; null where nothing is to be done. */
  readonly remedy: string | null;
}

/** A finding with the group of its check. */
export interface GroupedFinding extends HealthFinding {
  readonly group: FindingGroup;
}

export function fine(check: Check, message: string): HealthFinding {
  return { check, state: 'ok', message, remedy: null };
}

export function bad(check: Check, message: string, remedy: string): HealthFinding {
  return { check, state: 'problem', message, remedy };
}

export function doubtful(check: Check, message: string, remedy: string): HealthFinding {
  return { check, state: 'warning', message, remedy };
}

export function unknown(check: Check, message: string, remedy: string): HealthFinding {
  return { check, state: 'unknown', message, remedy };
}

const byWeight: readonly FindingState[] = ['problem', 'warning', 'unknown', 'ok'];
const groups = Object.keys(checkGroups) as readonly FindingGroup[];
const checks: readonly Check[] = Object.values(checkGroups).flat();

/** The findings by their groups, in each the gravest first, and of those that weigh the same the earlier check. */
export function inOrder(findings: readonly HealthFinding[]): readonly GroupedFinding[] {
  return findings
    .map((finding): GroupedFinding => ({ group: groupOf(finding.check), ...finding }))
    .sort(
      (one, other) =>
        groups.indexOf(one.group) - groups.indexOf(other.group) ||
        byWeight.indexOf(one.state) - byWeight.indexOf(other.state) ||
        checks.indexOf(one.check) - checks.indexOf(other.check),
    );
}

function groupOf(check: Check): FindingGroup {
  const found = groups.find((group) => (checkGroups[group] as readonly Check[]).includes(check));
  if (found === undefined) throw new Error(`the check ${check} is in no group`);
  return found;
}
