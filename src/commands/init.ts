import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode, errorMessage, exitStatus, UserError } from '../errors.ts';
import { type Command, commonExits } from './command.ts';
import { starterPath } from './context.ts';

const starter = `# The jobs of one project. Check it with: cronwright validate
# All keys: cronwright schema, or docs/jobs-file.md of the package
version: 1

# First part of each job's full name, such as shop/cleanup-sessions.
project: main

# Who is told when a job has failed for good. Without mail: a short report goes to
# standard error, which cron mails to the owner of the crontab.
# mail:
#   from: cron@example.org
#   to: [ops@example.org]
#   smtp: smtp://cron:\${SMTP_PASSWORD}@mail.example.org:587
# env-file: secrets.env        # SMTP_PASSWORD=... ; mode 0600

# What holds for each job that does not say otherwise.
defaults:
  timeout: 10m
  retry: { attempts: 3, delay: 30s, backoff: exponential, max-delay: 10m }

jobs:
  hello:
    description: Shows that jobs run; replace it by your own
    schedule: every 15m          # or "*/15 * * * *", daily at 04:30, weekdays at 09:00
    command: echo "hello from $CRONWRIGHT_JOB"

  # backup:
  #   description: Dump the database
  #   owner: web team
  #   schedule: daily at 04:30
  #   command: [/usr/local/bin/dump-database, --compress]   # a list is executed as it is
  #   env: { DB_HOST: db.example.org }
`;

export const init: Command = {
  name: 'init',
  summary: 'write a commented starter file; never over an existing one',
  operands: [['[file]', 'where to write it; the jobs file in force if not given']],
  exits: commonExits,
  examples: ['cronwright init', 'cronwright init jobs/web.yaml'],
  run(context, [file], options) {
    const path = file ?? starterPath(context, options);
    write(path);
    context.out.write(
      `wrote ${path}\nnext: edit it, then cronwright validate ${path} and cronwright --file ${path} plan\n`,
    );
    return exitStatus.done;
  },
};

function write(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, starter, { flag: 'wx', mode: 0o644 });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw new UserError(`cannot write ${path}: ${errorMessage(error)}`);
    throw new UserError(`${path} is there already, and nothing was written`, 'name another file, or edit this one');
  }
}
