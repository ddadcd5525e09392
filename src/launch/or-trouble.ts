import { errorMessage } from '../errors.ts';
import { StoreTrouble } from '../store/trouble.ts';
import type { Surroundings } from './world.ts';

/**
 * What `work` returns, or what kept it from using the database. A bug that shows there is complained about with its stack
 * and is a trouble like any other: it must not keep a task from running, nor its end from being told.
 */
export function orTrouble<T>({ complain }: Pick<Surroundings, 'complain'>, work: () => T): T | StoreTrouble {
  try {
    return work();
  } catch (error) {
    if (error instanceof StoreTrouble) return error;
    complain(`cronwright: ${(error instanceof Error && error.stack) || errorMessage(error)}\n`);
    return new StoreTrouble(`cannot use the database: ${errorMessage(error)}`, undefined, undefined, error);
  }
}
