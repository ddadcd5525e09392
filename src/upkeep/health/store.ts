import { errorMessage } from '../../errors.ts';
import { integrityProblems, type Store } from '../../store/store.ts';
import { bad, fine, type HealthFinding } from './finding.ts';

/** Whether the database is whole. */
export function soundStore(store: Store): HealthFinding {
  try {
    const [problem] = integrityProblems(store);
    if (problem === undefined) return fine('store', `the database in ${store.directory} is whole`);
    return bad('store', `the database in ${store.directory} is damaged: ${problem}`, 'restore it from a backup');
  } catch (error) {
    return bad('store', errorMessage(error), 'restore it from a backup');
  }
}
