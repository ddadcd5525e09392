/** Why a test that needs a program of the system is skipped, or false to run it. In CI the program must be there. */
export function skipWithout(present: boolean, program: string): string | false {
  if (present || process.env.CI) return false;
  return `needs ${program}`;
}
