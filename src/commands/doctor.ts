import { exitStatus } from '../errors.ts';
import { openStoreIfAny, type Store } from '../store/store.ts';
import { StoreTrouble } from '../store/trouble.ts';
import { findings as drawFindings } from '../terminal/human/findings.ts';
import { examine } from '../upkeep/health/health.ts';
import { type Command, jsonOption } from './command.ts';
import { stateOf, voiceOf } from './context.ts';

export const doctor: Command = {
  name: 'doctor',
  summary: 'check whether everything is right for the jobs to run',
  options: [jsonOption],
  exits: [
    ['0', 'nothing is wrong'],
    ['1', 'something is wrong; warnings alone leave 0'],
    ['2', 'the state cannot be read'],
  ],
  examples: ['cronwright doctor'],
  async run(context, _operands, options) {
    const store = openedOrTrouble(stateOf(context, options));
    try {
      const findings = await examine(store, context.clock);
      voiceOf(context, options).show(findings, drawFindings);
      return findings.some(({ state }) => state === 'problem') ? exitStatus.no : exitStatus.done;
    } finally {
      if (store && 'close' in store) store.close();
    }
  },
};

/** A database that cannot be used is a finding among others. */
function openedOrTrouble(state: string): Store | StoreTrouble | undefined {
  try {
    return openStoreIfAny(state);
  } catch (error) {
    if (error instanceof StoreTrouble) return error;
    throw error;
  }
}
