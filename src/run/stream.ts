export const streams = ['stdout', 'stderr'] as const;
/** One of the two streams that a task writes. */
export type Stream = (typeof streams)[number];
