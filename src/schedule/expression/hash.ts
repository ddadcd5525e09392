import type { FieldName } from '../schedule.ts';

/**
 * A number of 32 bits, without sign, that follows from a text alone: FNV-1a over its UTF-16 units, then the finalizer of
 * MurmurHash3, because the low bits of FNV-1a depend on the low bits of the text alone. Jobs have their places in the
 * hour by it: it must never change.
 */
export function stableHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Chooses one of `count` places for an `H` in a field; from 0. */
export type Choice = (field: FieldName, count: number) => number;

/** The choice by a job's name. Each field has a hash of its own, so that jobs of one minute differ in their hour. */
export function choiceBy(name: string): Choice {
  return (field, count) => stableHash(`${name} ${field}`) % count;
}
