import { resolve } from 'node:path';
import { noteElsewhere, targetElsewhere } from '../store/elsewhere.ts';
import { openStore, openStoreIfAny } from '../store/store.ts';
import { asRoot } from './acting.ts';

/*
 * What root installs for another account stands in the registry of that account. Root's own knows which jobs file that
 * was, or the next sync without a target would install the same jobs a second time, and as root.
 */

/** The target that root installed a jobs file into for another account; undefined for none. */
export function usualTarget(state: string, file: string): string | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  const store = openStoreIfAny(state);
  try {
    return store && targetElsewhere(store, resolve(file));
  } finally {
    store?.close();
  }
}

/**
 * Notes the target that a jobs file was installed into, in the registry of whoever asked.
 * @param state that one's state directory.
 */
export function noteTarget(state: string, file: string, target: string | undefined): void {
  const other = target?.startsWith('user:') ? target : undefined;
  asRoot(() => {
    if (process.geteuid?.() !== 0) return;
    const store = other === undefined ? openStoreIfAny(state) : openStore(state);
    try {
      if (store && targetElsewhere(store, resolve(file)) !== other) noteElsewhere(store, resolve(file), other);
    } finally {
      store?.close();
    }
  });
}
