import type { Cron, CronName } from './cron.ts';

/** Nothing is counted. */
const unbounded: Cron['table'] = {
  unit: 'lines',
  most: Number.POSITIVE_INFINITY,
  mostOfRoot: Number.POSITIVE_INFINITY,
  mostVariables: Number.POSITIVE_INFINITY,
  mostBetween: Number.POSITIVE_INFINITY,
  beyond: 'none',
  ofSystem: false,
};

/** Debian 12's, 3.0pl1-162: crontab(5), cron(8), and what it was seen to do. */
const debian: Cron = {
  name: 'debian',
  title: 'Debian’s cron',
  longestCommand: 998,
  longCommand: 'refused',
  longestVariable: 998,
  longVariable: 'cut',
  table: { ...unbounded, most: 10_000, mostOfRoot: 10_000, beyond: 'refused' },
  utf8: false,
  badLine: 'refused',
  check: '-n',
  takesInput: true,
  systemNames: /^[A-Za-z0-9_-]+$/,
  nicknames: true,
  reboot: true,
  mails: true,
  mailsWhen: 'output',
  variables: 'all',
  percent: 'input',
  zoned: false,
  daylight: 'makes-up',
  days: 'by-star',
  skipsOverlap: false,
};

/** entry.c and cron(8) of cronie 1.6. */
const cronie: Cron = {
  ...debian,
  name: 'cronie',
  title: 'cronie',
  longestCommand: 131_072,
  longCommand: 'cut',
  longestVariable: 131_072,
  table: {
    unit: 'entries',
    most: 10_000,
    mostOfRoot: 10_000,
    mostVariables: 1_000,
    mostBetween: 32_768,
    beyond: 'refused',
    ofSystem: false,
  },
  check: '-T',
  systemNames: /^(?![.#])(?!.*(?:~|\.rpm(?:save|orig|new))$).+$/,
  zoned: true,
};

/** crond.c of BusyBox 1.36. */
const busybox: Cron = {
  ...debian,
  name: 'busybox',
  title: 'BusyBox crond',
  longestCommand: Number.POSITIVE_INFINITY,
  longCommand: 'none',
  longestVariable: Number.POSITIVE_INFINITY,
  longVariable: 'none',
  badLine: 'left-out',
  table: { ...unbounded, most: 256, mostOfRoot: 65_535, beyond: 'cut' },
  check: undefined,
  systemNames: undefined,
  mailsWhen: 'output-and-mailto',
  variables: ['MAILTO', 'SHELL', 'PATH'],
  percent: 'literal',
  daylight: 'follows',
  days: 'by-set',
  skipsOverlap: true,
};

/** The generator of 1.15.19, crontab(5) and systemd.cron(7) of it, and systemd 252 under it. */
const systemdCron: Cron = {
  ...debian,
  name: 'systemd-cron',
  title: 'systemd-cron',
  longestCommand: Number.POSITIVE_INFINITY,
  longCommand: 'none',
  longestVariable: Number.POSITIVE_INFINITY,
  longVariable: 'none',
  table: unbounded,
  check: undefined,
  systemNames: /^(?!\.)(?!.*(?:~|\.dpkg-)).+$/,
  utf8: true,
  mailsWhen: 'failed',
  percent: 'literal',
  daylight: 'passes-over',
  days: 'both',
};

/** crontab(5) of 0.11, and what its scheduler was seen to do. */
const bcron: Cron = {
  ...debian,
  name: 'bcron',
  title: 'bcron',
  longestCommand: Number.POSITIVE_INFINITY,
  longCommand: 'none',
  longestVariable: Number.POSITIVE_INFINITY,
  longVariable: 'none',
  table: unbounded,
  badLine: 'left-out',
  check: undefined,
  takesInput: false,
  nicknames: false,
  reboot: false,
  percent: 'literal',
  daylight: 'moves',
  days: 'both',
};

/** cron(8), crontab(1) and crontab(5) of macOS 14; it has no crontab for packages, and `-s` of cron(8) is not given. */
const macos: Cron = {
  ...debian,
  name: 'macos',
  title: 'the cron of macOS',
  longCommand: 'cut',
  check: undefined,
  systemNames: undefined,
  daylight: 'follows',
};

export const crons: Readonly<Record<CronName, Cron>> = {
  debian,
  cronie,
  busybox,
  'systemd-cron': systemdCron,
  bcron,
  macos,
};
