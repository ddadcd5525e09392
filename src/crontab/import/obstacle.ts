/** Why an entry cannot be adopted. */
export interface Obstacle {
  /** A sentence without a full stop. */
  readonly obstacle: string;
  /** What makes it adoptable, as far as something does. */
  readonly remedy: string | undefined;
  /** The cron takes no such line. */
  readonly refused?: true;
}

export function isObstacle(value: object): value is Obstacle {
  return 'obstacle' in value;
}
