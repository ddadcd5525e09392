import { exitStatus, UserError } from '../errors.ts';
import { openStoreIfAny, type Store } from '../store/store.ts';
import { findings as drawFindings } from '../terminal/human/findings.ts';
import { examine } from '../upkeep/health/health.ts';
import { type Command, jsonOption } from './command.ts';
import { type Options, stateOf, voiceOf } from './context.ts';

export const doctor: Command = {
  name: 'doctor',
  summary: 'check whether everything is right for the jobs to run',
  description: `Check whether everything is right for the jobs to run and for people to hear of
them, and say what mends what is not. Nothing is changed.`,
  options: [
    ['--send-test-mail [address]', 'send one mail the way of each project’s reports, to its to: or this address'],
    jsonOption,
  ],
  exits: [
    ['0', 'nothing is wrong'],
    ['1', 'something is wrong; warnings alone leave 0'],
    ['2', 'it could not be looked at'],
  ],
  examples: [
    'cronwright doctor',
    'cronwright doctor --send-test-mail',
    'cronwright doctor --send-test-mail ops@example.org',
  ],
  async run(context, _operands, options) {
    const testMail = testMailOf(options);
    const state = stateOf(context, options);
    const store = openedOrTrouble(state);
    try {
      const { clock, environment, host } = context;
      const findings = await examine({ store, state, clock, environment, host, testMail });
      voiceOf(context, options).show(findings, drawFindings);
      return findings.some((finding) => finding.state === 'problem') ? exitStatus.no : exitStatus.done;
    } finally {
      if (store && 'close' in store) store.close();
    }
  },
};

/** As the jobs file takes addresses, without a name. */
const address = /^[^\s@<>,;]+@[^\s@<>,;]+$/;

function testMailOf({ sendTestMail: wanted }: Options): { readonly address: string | undefined } | undefined {
  if (wanted === undefined || wanted === false) return undefined;
  if (wanted === true) return { address: undefined };
  if (address.test(String(wanted))) return { address: String(wanted) };
  throw new UserError(`found --send-test-mail ${wanted}, expected a mail address such as ops@example.org`);
}

/** A database that cannot be used is a finding among others. */
function openedOrTrouble(state: string): Store | UserError | undefined {
  try {
    return openStoreIfAny(state);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}
