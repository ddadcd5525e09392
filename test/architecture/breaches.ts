/** A file of a made-up tree. */
export interface Snippet {
  readonly file: string;
  readonly text: string;
}

/** A file that breaks one law, and what the linter must say about it. */
export interface Breach extends Snippet {
  readonly law: string;
  readonly reason: RegExp;
}

export const takes = (what: string) => `import { it } from '${what}';\n\nexport const taken = it;\n`;
export const takesType = (what: string) => `import type { It } from '${what}';\n\nexport type Taken = It;\n`;

/** The other half of the cycle below. */
export const hen: Snippet = { file: 'src/job/hen.ts', text: `${takesType('./egg.ts')}export type Hen = 1;\n` };

export const breaches: readonly Breach[] = [
  {
    law: 'a value may not come from a later room',
    file: 'src/job/value.ts',
    text: takes('../store/runs.ts'),
    reason: /job may not import store: what a job is must not depend on how it is used/,
  },
  {
    law: 'a type may not come from a later room',
    file: 'src/job/type.ts',
    text: takesType('../store/runs.ts'),
    reason: /job may not import store/,
  },
  {
    law: 'an inline type may not come from a later room',
    file: 'src/job/inline-type.ts',
    text: "export type Taken = import('../store/runs.ts').It;\n",
    reason: /job may not import store/,
  },
  {
    law: 'a later room may not be imported late',
    file: 'src/job/dynamic.ts',
    text: "export const taken = () => import('../store/runs.ts');\n",
    reason: /job may not import store/,
  },
  {
    law: 'a later room may not be exported again',
    file: 'src/job/again.ts',
    text: "export type { It } from '../store/runs.ts';\n",
    reason: /job may not import store/,
  },
  {
    law: 'a folder within a room is bound as its room is',
    file: 'src/run/signals/kill.ts',
    text: takes('../../store/runs.ts'),
    reason: /run may not import store: rooms on one step .* keep no records/,
  },
  {
    law: 'a room without a place in the law may import nothing',
    file: 'src/novelty/thing.ts',
    text: takes('../job/job.ts'),
    reason: /novelty may not import job: this room has no place in import-law\.grit yet/,
  },
  {
    law: 'commands do not import each other',
    file: 'src/commands/plan.ts',
    text: takes('./sync.ts'),
    reason: /commands never import each other/,
  },
  {
    law: 'the terminal takes no values from the rooms it shows',
    file: 'src/terminal/table.ts',
    text: takes('../store/runs.ts'),
    reason: /terminal may not import store: the terminal takes only types/,
  },
  {
    law: 'compiled code is for the first file alone',
    file: 'src/commands/next.ts',
    text: takes('../compiled.ts'),
    reason: /commands may not import compiled/,
  },
  {
    law: 'no room imports a composition root',
    file: 'src/commands/start.ts',
    text: takes('../cli.ts'),
    reason: /commands may not import cli: only main\.ts starts a composition root/,
  },
  {
    law: 'composition roots do not import each other',
    file: 'src/wrapper.ts',
    text: takes('./cli.ts'),
    reason: /wrapper may not import cli: only main\.ts starts a composition root/,
  },
  {
    law: 'main.ts loads nothing before the version is checked',
    file: 'src/main.ts',
    text: takes('./errors.ts'),
    reason: /main may not import errors: it must parse on any Node\.js/,
  },
  {
    law: 'the program does not import its tests',
    file: 'src/launch/fixture.ts',
    text: takes('../../test/fixtures/job.ts'),
    reason: /launch may not import test/,
  },
  {
    law: 'commands take types alone from commander',
    file: 'src/commands/verb.ts',
    text: takes('commander'),
    reason: /a library is imported by its adapter alone, this one by src\/cli\.ts/,
  },
  {
    law: 'a library that package.json does not name is not imported',
    file: 'src/job/undeclared.ts',
    text: takes('yup'),
    reason: /yup/,
  },
  {
    law: 'a library of the tests is not imported by the program',
    file: 'src/job/development.ts',
    text: takes('ajv'),
    reason: /ajv/,
  },
  {
    law: 'two files do not import each other, types included',
    file: 'src/job/egg.ts',
    text: `${takesType('./hen.ts')}export type Egg = 1;\n`,
    reason: /cycle/,
  },
  {
    law: 'only a composition root ends the program',
    file: 'src/store/exit.ts',
    text: 'export const stop = () => process.exit(1);\n',
    reason: /only a composition root ends the program/,
  },
  {
    law: 'only a composition root sets the exit status',
    file: 'src/commands/status.ts',
    text: 'export function fail() {\n  process.exitCode = 1;\n}\n',
    reason: /only a composition root sets the exit status/,
  },
  {
    law: 'only a composition root reads the environment',
    file: 'src/store/home.ts',
    text: 'export const home = process.env.HOME;\n',
    reason: /read the environment; take it as an argument/,
  },
  {
    law: 'only the clock reads the time',
    file: 'src/store/now.ts',
    text: 'export const now = () => Date.now();\n',
    reason: /time is an argument/,
  },
  {
    law: 'only the clock makes a date of this moment',
    file: 'src/store/today.ts',
    text: 'export const today = () => new Date();\n',
    reason: /time is an argument/,
  },
  {
    law: 'only the terminal prints',
    file: 'src/store/print.ts',
    text: "console.log('done');\n",
    reason: /console/,
  },
  {
    law: 'a promise is not left alone',
    file: 'src/store/promise.ts',
    text: 'async function save() {\n  await null;\n}\n\nexport function close() {\n  save();\n}\n',
    reason: /Promise/,
  },
  {
    law: 'any is not a type',
    file: 'src/store/any.ts',
    text: 'export const row = (value: any) => value;\n',
    reason: /any/,
  },
];
