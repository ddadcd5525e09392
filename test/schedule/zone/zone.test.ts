import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { UserError } from '../../../src/errors.ts';
import { formatInstant } from '../../../src/schedule/instant.ts';
import { SpanTable } from '../../../src/schedule/zone/span.ts';
import { hostZone, namedZone } from '../../../src/schedule/zone/zone.ts';

const hour = 3_600_000;

describe('a named zone', () => {
  for (const [name, iso, offset] of [
    ['UTC', '2026-06-01T00:00:00Z', 0],
    ['Europe/Berlin', '2026-01-15T00:00:00Z', 60],
    ['Europe/Berlin', '2026-07-15T00:00:00Z', 120],
    ['America/New_York', '2026-03-08T06:59:59.999Z', -300],
    ['America/New_York', '2026-03-08T07:00:00Z', -240],
    ['Asia/Kathmandu', '2026-01-01T00:00:00Z', 345],
    ['Africa/Monrovia', '1970-01-01T00:00:00Z', -44.5],
  ] as const) {
    it(`${name} is ${offset} minutes east of UTC at ${iso}`, () => {
      assert.equal(namedZone(name).offsetAt(Date.parse(iso)), offset);
    });
  }

  it('is made once', () => assert.equal(namedZone('Europe/Paris'), namedZone('Europe/Paris')));

  it('that does not exist is a mistake of a person, with the one likely meant', () => {
    for (const [name, hint] of [
      ['Europe/Berln', 'did you mean Europe/Berlin?'],
      ['new york', 'did you mean America/New_York?'],
      ['', 'names look like Europe/Berlin or America/New_York'],
    ] as const) {
      assert.throws(
        () => namedZone(name),
        (error) => error instanceof UserError && error.hint === hint && error.message.includes(JSON.stringify(name)),
      );
    }
  });
});

it('an offset that is counted to the east is answered with the zone that counts to the west', () => {
  for (const [name, meant] of [
    ['GMT+2', 'Etc/GMT-2'],
    ['UTC-03', 'Etc/GMT+3'],
  ] as const) {
    const isMeant = (error: unknown) => error instanceof UserError && error.hint === `did you mean ${meant}?`;
    assert.throws(() => namedZone(name), isMeant, name);
  }
});

describe('the span around an instant', () => {
  it('begins and ends with the changes of the clock', () => {
    const spring = Date.parse('2026-03-08T07:00:00Z');
    const zone = namedZone('America/New_York');
    assert.equal(zone.spanAt(spring - 1).end, spring);
    assert.deepEqual(zone.spanAt(spring), { ...zone.spanAt(spring), start: spring, offset: -240, before: -300 });
  });

  it('is found where the clock changed twice within four days, wherever they lie', () => {
    for (let start = Date.UTC(2026, 0, 1); start < Date.UTC(2026, 6, 1); start += 19 * hour) {
      const end = start + 93 * hour;
      const table = new SpanTable((instant) => (instant >= start && instant < end ? 60 : 0));
      const [before, first, last, after] = [start - 1, start, end - 1, end].map((instant) => table.spanAt(instant));
      assert.deepEqual([before?.end, first?.start, last?.end, after?.start], [start, start, end, end]);
      assert.deepEqual([before?.offset, first?.offset, last?.offset, after?.offset], [0, 60, 60, 0]);
    }
  });

  it('holds the one offset that the zone has all through it, for every zone', () => {
    for (const name of Intl.supportedValuesOf('timeZone').filter((_, index) => index % 7 === 0)) {
      const zone = namedZone(name);
      for (let at = Date.UTC(2010, 0, 1); at < Date.UTC(2012, 0, 1); at += 31 * hour) {
        const { start, end, offset, before } = zone.spanAt(at);
        assert.ok(start <= at && at < end, name);
        const offsets = [zone.offsetAt(start - 1), zone.offsetAt(start), zone.offsetAt(at), zone.offsetAt(end - 1)];
        assert.deepEqual(offsets, [before, offset, offset, offset], `${name} ${new Date(at).toISOString()}`);
      }
    }
  });
});

describe('the zone of the host', () => {
  const inZone = (zone: string, script: string) =>
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { env: { TZ: zone }, encoding: 'utf8' });
  const source = JSON.stringify(join(import.meta.dirname, '../../../src/schedule/zone/zone.ts'));

  it('is that of TZ, with the same offsets as the zone of that name', () => {
    const instants = Array.from({ length: 50 }, (_, index) => Date.UTC(2024, 0, 1) + index * 400 * hour);
    const script = `import { hostZone } from ${source};
      const zone = hostZone();
      console.log(JSON.stringify([zone.name, ${JSON.stringify(instants)}.map(zone.offsetAt)]));`;
    const [name, offsets] = JSON.parse(inZone('Australia/Lord_Howe', script));
    assert.equal(name, 'Australia/Lord_Howe');
    assert.deepEqual(offsets, instants.map(namedZone('Australia/Lord_Howe').offsetAt));
  });

  it('does without Intl until its name is asked for', () => {
    const script = `import { hostZone } from ${source};
      Intl.DateTimeFormat = undefined;
      console.log(hostZone().spanAt(0).offset);`;
    assert.equal(inZone('Europe/Berlin', script), '60\n');
  });

  it('shows the same wall time as Date', () => {
    const at = Date.UTC(2026, 6, 1, 12, 34, 56);
    const shown = formatInstant(at, hostZone());
    assert.equal(Date.parse(shown), at);
    assert.equal(Number(shown.slice(11, 13)), new Date(at).getHours());
  });
});

describe('an instant as text', () => {
  for (const [iso, zone, text] of [
    ['2026-03-08T07:00:00Z', 'America/New_York', '2026-03-08T03:00:00-04:00'],
    ['2026-03-08T06:59:00Z', 'America/New_York', '2026-03-08T01:59:00-05:00'],
    ['2026-03-08T07:00:00Z', 'UTC', '2026-03-08T07:00:00+00:00'],
    ['2026-03-08T07:00:00Z', 'Asia/Kathmandu', '2026-03-08T12:45:00+05:45'],
    ['1970-01-01T00:00:00Z', 'Africa/Monrovia', '1969-12-31T23:15:30-00:44:30'],
  ] as const) {
    it(`is ${text} in ${zone}`, () => assert.equal(formatInstant(Date.parse(iso), namedZone(zone)), text));
  }
});
