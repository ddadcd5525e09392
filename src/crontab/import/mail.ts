import type { Cron } from '../cron/cron.ts';
import type { JobDraft } from './imported.ts';
import type { Variables } from './surroundings.ts';

/** Who is told of a job in place of MAILTO. */
export interface Recipients {
  readonly notifyTo: JobDraft['notifyTo'];
  readonly notes: readonly string[];
}

const address = /^[^\s@<>,;]+@[^\s@<>,;]+$/;

/** What MAILTO becomes. A name without a host is an account's, to which cron alone has a way. */
export function recipientsOf(variables: Variables, cron: Cron): Recipients {
  const written = variables.get('MAILTO');
  if (written === undefined || !cron.mails) return { notifyTo: undefined, notes: [] };
  if (written.trim() === '') return { notifyTo: 'nobody', notes: [] };
  const names = expanded(written, variables, cron)
    .split(/[\s,]+/)
    .filter(Boolean);
  const addresses = names.filter((name) => address.test(name));
  const others = names.filter((name) => !address.test(name));
  const notes = others.map((name) => `MAILTO names ${name}, which is no mail address: nobody is told there`);
  return { notifyTo: addresses.length > 0 ? addresses : undefined, notes };
}

/** Cronie puts variables of the table in. */
function expanded(text: string, variables: Variables, { name }: Cron): string {
  if (name !== 'cronie') return text;
  return text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced?: string, bare?: string) => {
    return variables.get(braced ?? bare ?? '') ?? whole;
  });
}
