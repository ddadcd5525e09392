import type { JobId } from '../../src/job/job.ts';
import type { JobTimes } from '../../src/schedule/calendar/job-calendar.ts';
import { type Day, minuteOf, type Rule, steps, type Twin } from './year-model.ts';

const minuteMs = 60_000;

const usual: Omit<JobTimes, 'id' | 'schedule'> = {
  timezone: '',
  dst: { skipped: 'as-cron', repeated: 'as-cron' },
  jitter: { offset: 0, delay: 0 },
  start: '',
  end: '',
  except: [],
};

function twin(schedule: string | readonly string[], rules: readonly Rule[], times: Partial<JobTimes> = {}): Twin {
  const texts = [schedule].flat() as [string, ...string[]];
  const id = `year/${texts.join('-').replaceAll(/[^a-z0-9]+/gi, '-')}` as JobId;
  return { job: { ...usual, id, schedule: texts, ...times }, rules };
}

const always = () => true;
const at = (...times: string[]) => times.map(minuteOf);
const fixed = (days: (day: Day) => boolean, ...times: string[]): Rule => ({
  kind: 'clock',
  fixed: true,
  days,
  times: at(...times),
});
const wild = (times: readonly number[], days = always): Rule => ({ kind: 'clock', fixed: false, days, times });

/** The day from Monday to Friday that is nearest to a date without leaving its month. */
function nearestWeekday(wanted: number, { date, last, weekday }: Day): boolean {
  const of = (day: number) => (((weekday + day - date) % 7) + 7) % 7;
  if (of(wanted) === 6) return date === (wanted === 1 ? 3 : wanted - 1);
  if (of(wanted) === 0) return date === (wanted === last ? wanted - 2 : wanted + 1);
  return date === wanted;
}

/** The jobs of the year: each way of saying when that cronwright has, and each policy. */
export const twins: readonly Twin[] = [
  twin('30 2 * * *', [fixed(always, '02:30')]),
  twin('0 0 * * *', [fixed(always, '00:00')]),
  twin('*/15 * * * *', [wild(steps(15))]),
  twin('17 * * * *', [wild(steps(60, 17))]),
  twin('*/30 1-3 * * *', [wild(steps(30, 60, 239))]),
  twin('15 4 1-31 * 1', [fixed(always, '04:15')]),
  twin('0 12 13 * 5', [fixed(({ date, weekday }) => date === 13 || weekday === 5, '12:00')]),
  twin('0 9 L * *', [fixed(({ date, last }) => date === last, '09:00')]),
  twin('0 3 L-3 * *', [fixed(({ date, last }) => date === last - 3, '03:00')]),
  twin('45 23 LW * *', [fixed((day) => nearestWeekday(day.last, day), '23:45')]),
  twin('30 1 15W * *', [fixed((day) => nearestWeekday(15, day), '01:30')]),
  twin('0 0 * * 5#3', [fixed(({ date, weekday }) => weekday === 5 && Math.ceil(date / 7) === 3, '00:00')]),
  twin('30 2 * * 0L', [fixed(({ date, last, weekday }) => weekday === 0 && date > last - 7, '02:30')]),
  twin('every 90m', [{ kind: 'elapsed', minutes: 90, from: '2000-01-01T00:00' }]),
  twin('every 7h from 2026-02-03 01:30', [{ kind: 'elapsed', minutes: 420, from: '2026-02-03T01:30' }]),
  twin('every 25m between 08:00 and 18:00', [
    { kind: 'elapsed', minutes: 25, from: '2000-01-01T00:00', window: at('08:00', '18:00') },
  ]),
  twin('every 2w from 2026-01-04 at 02:30', [
    fixed(({ number }) => number >= 20_457 && (number - 20_457) % 14 === 0, '02:30'),
  ]),
  twin('every 20m between 22:00 and 03:00', [wild([...steps(20, 0, 180), ...steps(20, 1_320)])]),
  twin(
    ['0 1 * * *', '30 2 * * 1-5'],
    [fixed(always, '01:00'), fixed(({ weekday }) => weekday >= 1 && weekday <= 5, '02:30')],
  ),
  twin('5 2 * * *', [fixed(always, '02:05')], { dst: { skipped: 'skip', repeated: 'twice' } }),
  twin('*/20 0-3 * * *', [wild(steps(20, 0, 239))], { dst: { skipped: 'run-after', repeated: 'once' } }),
  twin('0 0 1 * *', [fixed(({ date }) => date === 1, '00:00')], { jitter: { offset: 90 * minuteMs, delay: 0 } }),
  twin('30 2 */2 * *', [fixed(({ date }) => date % 2 === 1, '02:30')], {
    start: '2026-03-03T02:30',
    end: '2026-11-21T02:29',
    except: [
      { from: '2026-03-29', to: '2026-03-29', name: 'the spring night' },
      { from: '2026-07-01', to: '2026-08-15', name: '' },
    ],
  }),
];
