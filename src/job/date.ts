/** A day of the calendar, `2026-12-24`, that exists. */
export function isDate(text: string): boolean {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00Z`) : undefined;
  return day !== undefined && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** A day, or a minute of one: `2026-12-24`, `2026-12-24 08:00`, `2026-12-24T08:00`. */
export function isTime(text: string): boolean {
  const [day = '', time = '00:00', ...rest] = text.split(/[ T]/);
  return isDate(day) && /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(time) && rest.length === 0;
}
