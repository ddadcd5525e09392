import { nearest } from './nearest.ts';
import type { Finding } from './problem.ts';
import { type Issue, type JsonSchema, jsonSchema, type Shape, shapeIssues } from './shape.ts';
import type { Path } from './tree.ts';

/** A finding with its place in the data: the path, and whether its key or its value is meant. */
export interface Breach {
  readonly path: Path;
  readonly part: 'key' | 'value';
  readonly finding: Finding;
}

/** Everything in which a value differs from a shape. */
export function breaches(value: unknown, shape: Shape): readonly Breach[] {
  let schema: JsonSchema | undefined;
  const knownKeys = (path: Path): readonly string[] => {
    schema ??= jsonSchema(shape);
    return keysAt(schema, path);
  };
  return shapeIssues(value, shape).flatMap((issue) => issueBreaches(issue, [], value, knownKeys));
}

function issueBreaches(
  issue: Issue,
  base: Path,
  value: unknown,
  knownKeys: (path: Path) => readonly string[],
): Breach[] {
  const path: Path = [...base, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey([...path, key], key, knownKeys(path)));
  }
  if (issue.code === 'invalid_key') {
    const expected = issue.issues[0]?.message ?? issue.message;
    return [breach(path, 'key', 'invalid-name', `found ${shown(path.at(-1))}, expected ${expected}`)];
  }
  if (issue.code === 'invalid_union') {
    const inner = deepest(issue.errors as readonly (readonly Issue[])[]);
    if (inner) return inner.flatMap((one) => issueBreaches(one, path, value, knownKeys));
  }
  return [valueBreach(path, issue.message, at(value, path))];
}

/** Of a union's branches, the one whose outside fits and whose inside does not: it tells the place best. */
function deepest(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  return branches.find((issues) => issues.length > 0 && issues.every((issue) => issue.path.length > 0));
}

function unknownKey(path: Path, key: string, known: readonly string[]): Breach {
  const found = breach(path, 'key', 'unknown-key', `found the unknown key ${shown(key)}`);
  return { ...found, finding: { ...found.finding, hint: unknownKeyHint(key, known) } };
}

function unknownKeyHint(key: string, known: readonly string[]): string {
  if (key === '<<') return 'merge keys are not supported; put what is shared under defaults:';
  const near = nearest(key, known);
  return near === undefined ? `known here: ${known.join(', ')}` : `did you mean ${near}?`;
}

function valueBreach(path: Path, expected: string, found: unknown): Breach {
  if (found !== undefined) return breach(path, 'value', 'invalid-value', `found ${shown(found)}, expected ${expected}`);
  return breach(path, 'key', 'missing-key', `missing ${path.at(-1)}:, expected ${expected}`);
}

function breach(path: Path, part: 'key' | 'value', code: string, message: string): Breach {
  return { path, part, finding: { severity: 'error', code, message, hint: undefined } };
}

function at(value: unknown, path: Path): unknown {
  let found = value;
  for (const step of path) found = (found as Record<string | number, unknown> | null | undefined)?.[step];
  return found;
}

/** A value as a message names it. */
function shown(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a mapping';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** The keys that a schema knows at a path. */
function keysAt(schema: JsonSchema, path: Path): readonly string[] {
  const branches = schema.anyOf ?? [schema];
  const [step, ...rest] = path;
  if (step === undefined) return branches.flatMap((branch) => Object.keys(branch.properties ?? {}));
  return branches.flatMap((branch) => {
    const inner = innerSchema(branch, step);
    return inner ? keysAt(inner, rest) : [];
  });
}

function innerSchema(schema: JsonSchema, step: string | number): JsonSchema | undefined {
  if (typeof step === 'number') return schema.items;
  const { properties, additionalProperties: others } = schema;
  return properties?.[step] ?? (typeof others === 'object' ? others : undefined);
}
