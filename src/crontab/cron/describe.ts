import type { Cron, Daylight } from './cron.ts';

/** What a cron can and cannot do, in sentences without a full stop; the first says which it is and what it takes. */
export function describeCron(cron: Cron): readonly string[] {
  return [
    `${cron.title} takes ${bounds(cron)}`,
    cron.check === undefined
      ? 'its crontab program cannot check a table; cronwright does before it writes'
      : `its crontab program checks a table with ${cron.check} before cronwright writes it`,
    daylightWords[cron.daylight],
    mailWords(cron),
    ...peculiarities(cron),
  ];
}

function bounds({ table, longestCommand }: Cron): string {
  const { unit, most, mostOfRoot } = table;
  const ofRoot = mostOfRoot === most ? '' : ` (${mostOfRoot} of root)`;
  const size = Number.isFinite(most) ? `tables of up to ${most} ${unit}${ofRoot}` : 'tables of any length';
  const command = Number.isFinite(longestCommand) ? `up to ${longestCommand} bytes` : 'any length';
  return `${size} and commands of ${command}`;
}

const daylightWords: Readonly<Record<Daylight, string>> = {
  'makes-up': 'it makes up for fixed times of day that daylight saving skips, and does not repeat them',
  follows: 'it follows the clock through daylight saving; cronwright starts each job at its times nevertheless',
  moves: 'it moves what daylight saving skips to a later time; cronwright starts each job at its times nevertheless',
  'passes-over':
    'it starts nothing at all in the hour that the end of daylight saving shows for the second time, the tick included',
};

function mailWords({ mails, mailsWhen }: Cron): string {
  if (!mails) return 'it mails nothing';
  switch (mailsWhen) {
    case 'output':
      return 'it mails what a job writes to MAILTO, or else to the owner of the table';
    case 'output-and-mailto':
      return 'it mails what a job writes only where the table has a MAILTO above it';
    case 'failed':
      return 'it mails an excerpt of what a job has written only where the job has failed';
  }
}

function peculiarities(cron: Cron): readonly string[] {
  return [
    ...(cron.systemNames === undefined ? ['it does not look into /etc/cron.d'] : []),
    ...(cron.reboot ? [] : ['it does not know @reboot']),
    ...(cron.skipsOverlap ? ['it leaves out a start while that of the same line goes on'] : []),
    ...(cron.days === 'both'
      ? ['it joins day of month and day of week by "and" always; cronwright allows for that']
      : []),
    ...(cron.zoned ? ['it knows CRON_TZ, which cronwright does not need'] : []),
  ];
}
