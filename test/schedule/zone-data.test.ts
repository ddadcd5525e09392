import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readPosixRule, turnsOf } from '../../src/schedule/zone/posix-rule.ts';
import type { Span } from '../../src/schedule/zone/span.ts';
import { ZoneChanges } from '../../src/schedule/zone/tzif.ts';
import { namedZone, type Zone } from '../../src/schedule/zone/zone.ts';
import { readZone, zoneFiles } from '../../src/schedule/zone/zone-file.ts';
import { temporaryDirectory, writeFile } from '../temporary.ts';
import { skipWithout } from './requirement.ts';

const [from, until] = [Date.UTC(1900, 0, 1), Date.UTC(2100, 0, 1)];
const python = '/usr/bin/python3';
const canRead = spawnSync(python, ['-c', 'import zoneinfo; zoneinfo.ZoneInfo("Europe/Berlin")']).status === 0;
const hasData = zoneFiles().length > 0;

function spansOf(zone: Zone): readonly Span[] {
  const spans: Span[] = [];
  for (let span = zone.spanAt(from); span.start < until; span = zone.spanAt(span.end)) spans.push(span);
  return spans;
}

const seconds = (instant: number) => Math.max(from, Math.min(until, instant)) / 1_000;

describe("every zone of the system's data", { skip: skipWithout(hasData, 'tzdata') }, () => {
  const zones = zoneFiles().map(namedZone);

  it('is read as by another reader, at its changes, between them and at random, from 1900 to 2100', {
    skip: skipWithout(canRead, 'python3 with zoneinfo'),
  }, () => {
    const moments = fc.sample(fc.integer({ min: from / 1_000, max: until / 1_000 }), 100);
    const lines = zones.map((zone) =>
      JSON.stringify({
        name: zone.name,
        spans: spansOf(zone).map(({ start, end, offset }) => [seconds(start), seconds(end), Math.round(offset * 60)]),
        samples: moments.map((at) => [at, Math.round(zone.offsetAt(at * 1_000) * 60)]),
      }),
    );
    const { stdout, stderr, status } = spawnSync(python, [join(import.meta.dirname, 'zone-oracle.py')], {
      input: lines.join('\n'),
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    assert.equal(stdout, '');
    assert.ok(lines.length > 400);
  });

  it('is a chain of spans without gaps, each with another offset than the one before it but that of 1970', () => {
    for (const zone of zones) {
      const spans = spansOf(zone);
      for (const [index, span] of spans.entries()) {
        const before = spans[index - 1];
        assert.ok(span.start < span.end, zone.name);
        if (before === undefined) continue;
        assert.deepEqual([span.start, span.before], [before.end, before.offset], zone.name);
        assert.ok(span.before !== span.offset || span.start === 0, zone.name);
      }
    }
  });

  it('gives the same span whoever asks first', () => {
    for (const name of ['Africa/Casablanca', 'America/Nuuk', 'Europe/Dublin', 'Africa/Cairo']) {
      const changes = ZoneChanges.read(readZone(name) ?? Buffer.alloc(0));
      for (const span of spansOf(namedZone(name))) {
        const asked = [span.start, Math.floor((span.start + span.end) / 2), span.end - 1];
        for (const at of asked.filter(Number.isSafeInteger)) assert.deepEqual(changes?.spanAt(at), span, name);
      }
    }
  });
});

describe('the clocks that go their own way', { skip: skipWithout(hasData, 'tzdata') }, () => {
  for (const [name, at, before, offset] of [
    ['Europe/Dublin', '2026-03-29T01:00:00Z', 0, 60],
    ['Europe/Dublin', '2090-10-29T01:00:00Z', 60, 0],
    ['Australia/Lord_Howe', '2026-10-03T15:30:00Z', 630, 660],
    ['Pacific/Apia', '2011-12-30T10:00:00Z', -600, 840],
    ['Pacific/Kwajalein', '1993-08-21T12:00:00Z', -720, 720],
    ['Asia/Kathmandu', '1985-12-31T18:30:00Z', 330, 345],
    ['Pacific/Chatham', '2026-09-26T14:00:00Z', 765, 825],
    ['Africa/Casablanca', '2026-02-15T02:00:00Z', 60, 0],
    ['Africa/Cairo', '2026-04-23T22:00:00Z', 120, 180],
    ['Asia/Beirut', '2026-03-28T22:00:00Z', 120, 180],
    ['America/Asuncion', '2024-10-06T04:00:00Z', -240, -180],
    ['America/Havana', '2026-03-08T05:00:00Z', -300, -240],
    ['America/Nuuk', '2026-03-29T01:00:00Z', -120, -60],
    ['America/Caracas', '2016-05-01T07:00:00Z', -270, -240],
  ] as const) {
    it(`${name} changes from ${before} to ${offset} minutes at ${at}`, () => {
      const { start, ...span } = namedZone(name).spanAt(Date.parse(at));
      assert.deepEqual(
        [new Date(start).toISOString(), span.before, span.offset],
        [at.replace('Z', '.000Z'), before, offset],
      );
    });
  }
});

describe('a rule of POSIX', () => {
  const shown = (text: string, year: number) => {
    const rule = readPosixRule(text);
    return (
      rule && turnsOf(rule, [year]).map(({ at, offset }) => `${new Date(at).toISOString().slice(0, 16)} ${offset}`)
    );
  };

  for (const [text, turns] of [
    ['CET-1CEST,M3.5.0,M10.5.0/3', ['2026-03-29T01:00 7200', '2026-10-25T01:00 3600']],
    ['IST-1GMT0,M10.5.0,M3.5.0/1', ['2026-03-29T01:00 3600', '2026-10-25T01:00 0']],
    ['<+1030>-10:30<+11>-11,M10.1.0,M4.1.0', ['2026-04-04T15:00 37800', '2026-10-03T15:30 39600']],
    ['<-02>2<-01>,M3.5.0/-1,M10.5.0/0', ['2026-03-29T01:00 -3600', '2026-10-25T01:00 -7200']],
    ['EET-2EEST,M3.4.4/50,M10.4.4/50', ['2026-03-28T00:00 10800', '2026-10-23T23:00 7200']],
    ['EST5EDT', ['2026-03-08T07:00 -14400', '2026-11-01T06:00 -18000']],
    ['AAA0BBB,J60/0,J300/0', ['2026-03-01T00:00 3600', '2026-10-26T23:00 0']],
    ['AAA0BBB,59/0,300/0', ['2026-03-01T00:00 3600', '2026-10-27T23:00 0']],
    ['UTC0', []],
    ['XXX3EDT4,0/0,J365/23', []],
  ] as const) {
    it(`${text} changes at [${turns}] in 2026`, () => assert.deepEqual(shown(text, 2026), turns));
  }

  it('counts the leap day, or does not', () => {
    assert.deepEqual(shown('AAA0BBB,J60/0,59/0', 2028), ['2028-02-28T23:00 0', '2028-03-01T00:00 3600']);
  });

  it('is one of daylight saving all year where that ends as it begins', () => {
    assert.deepEqual(readPosixRule('XXX3EDT4,0/0,J365/23'), { standard: -14_400, daylight: undefined });
  });

  it('is none in another text', () => {
    for (const text of ['', 'Europe/Berlin', 'UTC', 'A1', 'CET-1CEST,M3', 'CET-1CEST,M3.5.0,M10.5.0/3,', '<+1>-1\n']) {
      assert.equal(readPosixRule(text), undefined, text);
    }
  });
});

describe('the zone data of another place', { skip: skipWithout(hasData, 'tzdata') }, () => {
  const folder = temporaryDirectory();
  const berlin = readZone('Europe/Berlin') ?? Buffer.alloc(0);
  mkdirSync(join(folder, 'zones', 'Europe'), { recursive: true });
  writeFile(folder, 'zones/Europe/Testburg', berlin);
  writeFile(folder, 'zones/Europe/Garbage', 'TZif2 and so on');
  writeFile(folder, 'Secret', berlin);
  symlinkSync('../Europe/Testburg', join(folder, 'zones', 'Europe', 'Linkstadt'));

  /** What a script prints that has `zones`, the module, and the variables of the C library. */
  function printed(variables: Readonly<Record<string, string>>, script: string): string {
    const source = JSON.stringify(join(import.meta.dirname, '../../src/schedule/zone/zone.ts'));
    const whole = `const zones = await import(${source});\n${script}`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', whole], {
      env: { TZDIR: join(folder, 'zones'), ...variables },
      encoding: 'utf8',
    });
    return (stdout + stderr).trim();
  }

  const offset = 'console.log(zone.name, zone.offsetAt(Date.UTC(2026, 6, 1)), zone.offsetAt(Date.UTC(2099, 0, 1)))';

  it('is that of TZDIR', () => {
    assert.equal(printed({}, `const zone = zones.namedZone('Europe/Testburg'); ${offset}`), 'Europe/Testburg 120 60');
    assert.equal(
      printed({}, 'console.log(zones.zoneNames().join())'),
      'Europe/Garbage,Europe/Linkstadt,Europe/Testburg',
    );
  });

  it("gives way to Node's own for what it does not have or nobody can read", () => {
    assert.equal(printed({}, `const zone = zones.namedZone('Asia/Kathmandu'); ${offset}`), 'Asia/Kathmandu 345 345');
    assert.match(printed({}, "zones.namedZone('Europe/Garbage')"), /there is no time zone/);
    assert.equal(printed({ TZDIR: '/nowhere' }, "console.log(zones.zoneNames().includes('Asia/Tokyo'))"), 'true');
    assert.equal(
      printed({ TZDIR: '/nowhere', TZ: 'Asia/Tokyo' }, `const zone = zones.hostZone(); ${offset}`),
      'Asia/Tokyo 540 540',
    );
  });

  it('is not asked by a TZ that leads to no zone, which is UTC', () => {
    assert.equal(printed({ TZ: ':/etc/passwd' }, `const zone = zones.hostZone(); ${offset}`), 'UTC 0 0');
  });

  it('is not left by any name', () => {
    const names = [
      '../Secret',
      'Europe/../../Secret',
      `${folder}/Secret`,
      'Europe/',
      '/Europe/Testburg',
      'Europe//Testburg',
      'Europe/Testburg\0',
      '.',
      '',
    ];
    for (const name of names) {
      assert.match(printed({}, `zones.namedZone(${JSON.stringify(name)})`), /UserError: there is no time zone/, name);
    }
  });

  for (const [tz, shown] of [
    ['Europe/Testburg', 'Europe/Testburg 120 60'],
    [':Europe/Testburg', 'Europe/Testburg 120 60'],
    ['CET-1CEST,M3.5.0,M10.5.0/3', 'CET-1CEST,M3.5.0,M10.5.0/3 120 60'],
    ['<+0330>-3:30', '<+0330>-3:30 210 210'],
    ['', 'UTC 0 0'],
  ] as const) {
    it(`is the host's by TZ=${tz}`, () => {
      assert.equal(printed({ TZ: tz }, `const zone = zones.hostZone(); ${offset}`), shown);
    });
  }

  it("is the host's by a path in TZ", () => {
    assert.match(printed({ TZ: join(folder, 'Secret') }, `const zone = zones.hostZone(); ${offset}`), / 120 60$/);
  });

  it("is the host's anew once TZ is another", () => {
    const script = `zones.hostZone().offsetAt(0); process.env.TZ = 'Europe/Testburg'; const zone = zones.hostZone(); ${offset}`;
    assert.equal(printed({ TZ: 'UTC0' }, script), 'Europe/Testburg 120 60');
  });
});

describe('bytes that may be zone data', { skip: skipWithout(hasData, 'tzdata') }, () => {
  const berlin = readZone('Europe/Berlin') ?? Buffer.alloc(0);

  it('are read or not, but never make the reader fail or turn in a circle', () => {
    const edit = fc.tuple(fc.nat(berlin.length - 1), fc.nat(255));
    const instant = fc.integer({ min: -5e12, max: 2e13 });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 6 }), fc.nat(berlin.length), instant, (edits, length, at) => {
        const bytes = Buffer.from(berlin);
        for (const [place, value] of edits) bytes[place] = value;
        ZoneChanges.read(bytes.subarray(0, length))?.spanAt(at);
        ZoneChanges.read(bytes)?.spanAt(at);
      }),
      { numRuns: 3_000 },
    );
  });

  it('are none without the version, the types or with leap seconds', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('TZif'), berlin.subarray(0, 100), Buffer.from('#!/bin/sh\n')]) {
      assert.equal(ZoneChanges.read(bytes), undefined);
    }
    const old = Buffer.from(berlin);
    old[4] = 0;
    assert.equal(ZoneChanges.read(old), undefined);
  });
});
