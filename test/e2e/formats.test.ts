import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import type { Problem } from '../../src/job/problem.ts';
import { builtProgram, type Ended, run } from './program.ts';

const launcher = builtProgram();
const fixtures = fileURLToPath(new URL('../fixtures/jobs', import.meta.url));
const mistaken = 'thirty-mistakes.yaml';
const valid = fileURLToPath(new URL('../../jobs.example.yaml', import.meta.url));

/** Named as a person would who stands beside the file. */
const validate = (file: string, ...words: string[]): Promise<Ended> =>
  run([launcher, 'validate', file, ...words], { cwd: fixtures });

interface Validation {
  readonly valid: boolean;
  readonly jobs: number;
  readonly problems: readonly (Omit<Problem, 'hint'> & { readonly hint: string | null })[];
}

/** A workflow command of GitHub Actions, taken apart as its runner does. */
interface WorkflowCommand {
  readonly command: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/**
 * Reads `::command name=value,name=value::data`, with `%` escapes: %25, %0D and %0A in data, and %3A and %2C as well in
 * properties (docs.github.com, "Workflow commands for GitHub Actions").
 */
function readWorkflowCommand(line: string): WorkflowCommand {
  assert.ok(line.startsWith('::'), line);
  const end = line.indexOf('::', 2);
  assert.notEqual(end, -1, line);
  const head = line.slice(2, end);
  const blank = head.indexOf(' ');
  const pairs = head.slice(blank + 1).split(',');
  const properties = pairs.map((pair) => {
    const equals = pair.indexOf('=');
    assert.ok(equals > 0, pair);
    return [pair.slice(0, equals), unescaped(pair.slice(equals + 1), ['25', '0D', '0A', '3A', '2C'])] as const;
  });
  return {
    command: head.slice(0, blank),
    properties: Object.fromEntries(properties),
    data: unescaped(line.slice(end + 2), ['25', '0D', '0A']),
  };
}

function unescaped(text: string, known: readonly string[]): string {
  return text.replace(/%(..)?/g, (all, code: string | undefined) => {
    assert.ok(code !== undefined && known.includes(code), `${all} in ${text}`);
    return String.fromCharCode(Number.parseInt(code, 16));
  });
}

describe('validate', { concurrency: true }, () => {
  let told: Validation;
  before(async () => {
    const { status, out, err } = await validate(mistaken, '--json');
    assert.deepEqual({ status, err }, { status: 1, err: '' });
    told = JSON.parse(out) as Validation;
  });

  it('--json tells every problem with its place in the file', () => {
    assert.deepEqual(Object.keys(told), ['valid', 'jobs', 'problems']);
    assert.equal(told.valid, false);
    assert.ok(told.problems.length >= 30, `${told.problems.length}`);
    const lines = readFileSync(join(fixtures, mistaken), 'utf8').split('\n');
    for (const problem of told.problems) {
      const { file, line, column, severity, code, message } = problem;
      assert.equal(file, mistaken);
      assert.ok(column >= 1 && column <= (lines[line - 1]?.length ?? 0) + 1, `${line}:${column}`);
      assert.match(severity, /^(?:error|warning)$/);
      assert.match(code, /^[a-z]+(?:-[a-z]+)*$/);
      assert.notEqual(message, '');
      assert.ok(problem.hint === null || problem.hint !== '');
    }
  });

  it('--format sarif conforms to the official schema and tells the same places', async () => {
    const { status, out, err } = await validate(mistaken, '--format', 'sarif');
    assert.deepEqual({ status, err }, { status: 1, err: '' });
    const log = JSON.parse(out) as SarifLog;
    conforms(log);
    const results = log.runs.flatMap((one) => one.results);
    const places = results.map(({ ruleId, level, locations: [location] }) => {
      const { artifactLocation, region } = location?.physicalLocation ?? {};
      return { file: artifactLocation?.uri, line: region?.startLine, column: region?.startColumn, code: ruleId, level };
    });
    assert.deepEqual(
      places,
      told.problems.map(({ file, line, column, code, severity }) => ({ file, line, column, code, level: severity })),
    );
  });

  it('--format github writes workflow commands that tell the same places', async () => {
    const { status, out, err } = await validate(mistaken, '--format', 'github');
    assert.deepEqual({ status, err }, { status: 1, err: '' });
    const commands = out.trimEnd().split('\n').map(readWorkflowCommand);
    const places = commands.map(({ command, properties: { file, line, col, endColumn, title } }) => {
      return { severity: command, file, line: Number(line), column: Number(col), end: Number(endColumn), code: title };
    });
    assert.deepEqual(
      places,
      told.problems.map(({ severity, file, line, column, length, code }) => {
        return { severity, file, line, column, end: column + length, code };
      }),
    );
    for (const [index, { message, hint }] of told.problems.entries()) {
      assert.equal(commands[index]?.data, hint === null ? message : `${message} (${hint})`);
    }
  });

  it('shows people every problem in lines that fit', async () => {
    const { status, out, err } = await validate(mistaken);
    assert.deepEqual({ status, err }, { status: 1, err: '' });
    for (const { line, column } of told.problems) assert.ok(out.includes(`${mistaken}:${line}:${column} `));
    assert.match(out, /\nnot valid: .*errors/);
  });

  it('says of a valid file in each format that nothing is wrong', async () => {
    const json = await validate(valid, '--json');
    assert.deepEqual(
      { status: json.status, ...JSON.parse(json.out) },
      { status: 0, valid: true, jobs: 6, problems: [] },
    );
    assert.deepEqual(await validate(valid, '--format', 'github'), { status: 0, out: '', err: '' });
    const sarif = await validate(valid, '--format', 'sarif');
    assert.equal(sarif.status, 0);
    const log = JSON.parse(sarif.out) as SarifLog;
    conforms(log);
    assert.deepEqual(log.runs[0]?.results, []);
    const human = await validate(valid);
    assert.deepEqual({ status: human.status, out: human.out }, { status: 0, out: 'valid: 6 jobs\n' });
  });

  it('tells apart a file that is wrong and one that cannot be read', async () => {
    const { status, err } = await validate('not-there.yaml', '--json');
    assert.equal(status, 2);
    assert.match((JSON.parse(err) as { error: { message: string } }).error.message, /not-there\.yaml/);
    const unknown = await validate(valid, '--format', 'xml');
    assert.equal(unknown.status, 2);
    assert.match(unknown.err, /found --format xml, expected one of human, json, github, sarif/);
  });
});

interface SarifLog {
  readonly runs: readonly {
    readonly results: readonly {
      readonly ruleId: string;
      readonly level: string;
      readonly locations: readonly {
        readonly physicalLocation: {
          readonly artifactLocation: { readonly uri: string };
          readonly region: { readonly startLine: number; readonly startColumn: number };
        };
      }[];
    }[];
  }[];
}

/** Checks a log against the schema that its standard is published with. */
function conforms(log: SarifLog): void {
  const entry = createRequire(import.meta.url).resolve('@microsoft/jest-sarif');
  const folder = join(dirname(entry), 'schemas');
  const [name = ''] = readdirSync(folder).filter((one) => one.startsWith('sarif-2.1.0'));
  const schema = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { $schema?: string };
  // It is written for draft 4 in words that draft 7 has as well.
  const { $schema: _draft, id: _id, ...words } = schema as Record<string, unknown>;
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false });
  const check = ajv.compile(words);
  assert.ok(check(log), JSON.stringify(check.errors, null, 2));
  assert.ok(!check({ ...log, version: '9' }), 'the schema forbids nothing');
}
