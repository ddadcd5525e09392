import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { skipWithout } from '../schedule/requirement.ts';
import { temporaryDirectory } from '../temporary.ts';
import { runTask, startTask, withoutReader } from './example.ts';

const python = '/usr/bin/python3';
const directory = temporaryDirectory();
const words = [python, 'nightly-report.py'];

/** A service of orders, and where the report of a day goes. */
async function newService(t: TestContext, answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  t.after(() => server.close().closeAllConnections());
  await new Promise((resolve) => server.once('listening', resolve));
  const reports = mkdtempSync(join(directory, 'reports-'));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`;
  // A quarter to one at night in Berlin, so that the day before is not the one before that in UTC.
  const slot = { CRONWRIGHT_SLOT: '2026-11-23T23:45:00.000Z', TZ: 'Europe/Berlin' };
  return { server, reports, env: { REPORT_URL: url, REPORT_DIRECTORY: reports, ...slot } };
}

const file = 'turnover-2026-11-23.csv';
const csv = 'country,cents\r\nAT,700\r\nDE,1250\r\n';

/** Two pages of orders of 23 November. */
const orders: RequestListener = ({ url = '' }, response) => {
  const query = new URL(url, 'http://localhost').searchParams;
  const first = query.get('page') === '1';
  const page = first
    ? [{ country: 'DE', cents: 1000 }]
    : [
        { country: 'AT', cents: 700 },
        { country: 'DE', cents: 250 },
      ];
  response.end(JSON.stringify({ pages: 2, orders: query.get('day') === '2026-11-23' ? page : [] }));
};

/** Answers every request with this status. */
function refuses(status: number): RequestListener {
  return (_request, response) => void response.writeHead(status).end();
}

describe('the example in Python', { concurrency: true, skip: skipWithout(existsSync(python), python) }, () => {
  it('writes the report of the day before its scheduled time, and reports itself', async (t) => {
    const { reports: place, env } = await newService(t, orders);
    const { status, err, reports, complaints } = await runTask(t, words, { env });
    assert.deepEqual([status, err], [0, '']);
    assert.equal(readFileSync(join(place, file), 'utf8'), csv);
    const result = { file: join(place, file), countries: 2 };
    assert.deepEqual(reports, [{ progress: 0.5 }, { progress: 1 }, { result }]);
    assert.deepEqual(complaints, []);
  });

  it('leaves the same file when it is run again', async (t) => {
    const { reports, env } = await newService(t, orders);
    await runTask(t, words, { env });
    await runTask(t, words, { env: { ...env, CRONWRIGHT_ATTEMPT: '2' } });
    assert.deepEqual(readdirSync(reports), [file]);
    assert.equal(readFileSync(join(reports, file), 'utf8'), csv);
  });

  for (const refusal of [503, 429]) {
    it(`asks for another attempt when the service answers ${refusal}`, async (t) => {
      const { reports: place, env } = await newService(t, refuses(refusal));
      const { status, reports } = await runTask(t, words, { env });
      assert.equal(status, 75);
      assert.deepEqual(
        reports.map(({ level }) => level),
        ['warning'],
      );
      assert.deepEqual(readdirSync(place), []);
    });
  }

  it('asks for another attempt when nobody answers', async (t) => {
    const { server, env } = await newService(t, orders);
    await new Promise((resolve) => server.close(resolve));
    assert.equal((await runTask(t, words, { env })).status, 75);
  });

  it('fails for good when the address is wrong', async (t) => {
    const { env } = await newService(t, refuses(404));
    const { status, err, reports } = await runTask(t, words, { env });
    assert.equal(status, 1);
    assert.match(err, /HTTP Error 404/);
    assert.deepEqual(reports, [{ level: 'error', message: 'HTTPError: HTTP Error 404: Not Found' }]);
  });

  for (const [events, when] of withoutReader) {
    it(`does its work ${when}`, async (t) => {
      const { reports, env } = await newService(t, orders);
      const { status, err, reports: told } = await runTask(t, words, { env, events });
      assert.deepEqual([status, err, told], [0, '', []]);
      assert.equal(readFileSync(join(reports, file), 'utf8'), csv);
    });
  }

  it('does its work when cronwright is killed meanwhile', async (t) => {
    const { reports, env } = await newService(t, (request, response) => {
      task.leave();
      orders(request, response);
    });
    const task = startTask(t, words, { env });
    const { status, err } = await task.ended;
    assert.deepEqual([status, err], [0, '']);
    assert.equal(readFileSync(join(reports, file), 'utf8'), csv);
  });

  it('ends at TERM, also while it waits for an answer', async (t) => {
    const { reports: place, env } = await newService(t, (request, response) => {
      if (request.url?.includes('page=1')) orders(request, response);
      else task.process.kill('SIGTERM');
    });
    const task = startTask(t, words, { env });
    const { status, err } = await task.ended;
    assert.deepEqual([status, err], [143, '']);
    assert.deepEqual(readdirSync(place), []);
  });
});
