/** A start may come so much later than its slot, in milliseconds, before nobody waits for it any more. */
export const grace = 180_000;
