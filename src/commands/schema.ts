import { exitStatus } from '../errors.ts';
import { jsonSchema } from '../job/shape.ts';
import { type Command, commonExits } from './command.ts';

export const schema: Command = {
  name: 'schema',
  summary: 'print the JSON Schema of the jobs file, for editors',
  exits: commonExits,
  examples: ['cronwright schema > jobs.schema.json'],
  run({ out }) {
    out.write(`${JSON.stringify(jsonSchema(), null, 2)}\n`);
    return exitStatus.done;
  },
};
