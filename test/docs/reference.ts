import { type JsonSchema, jsonSchema } from '../../src/job/shape.ts';

/** As much of a JSON Schema as the reference tells. */
interface Schema extends JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
}

const begin = '<!-- From here on written by `npm run docs`, from the schema. -->';
const end = '<!-- To here. -->';

/** A page with what stands between its two marks written anew. */
export function withReference(page: string): string {
  const [before, behind] = [page.indexOf(begin), page.indexOf(end)];
  if (before < 0 || behind < before) throw new Error(`the page lacks the marks "${begin}" and "${end}"`);
  return `${page.slice(0, before)}${begin}\n\n${reference()}\n${page.slice(behind)}`;
}

/** Every key of the jobs file: a table for each mapping, each told once. */
function reference(): string {
  const file = jsonSchema() as Schema;
  const { defaults, mail, jobs } = file.properties ?? {};
  const job = jobs?.additionalProperties;
  if (typeof job !== 'object') throw new Error('the schema has no jobs');
  const { retry, notify, stdin, replaces, 'fail-when': failWhen, output, dst, jitter, except } = job.properties ?? {};
  return [
    table('### The file', file),
    table('### A job, under `jobs: NAME:`', job),
    table('### `retry:`', retry),
    table('### `notify:`', notify),
    table('### `stdin:` as a mapping', stdin?.anyOf?.[1]),
    table('### A mapping under `replaces:`', replaces?.anyOf?.[0]?.anyOf?.[1]),
    table('### `fail-when:`', failWhen),
    table('### `output:`', output),
    table('### `rotate:`, under `output:`', output?.properties?.rotate),
    table('### `dst:`', dst),
    table('### `jitter:` as a mapping', jitter?.anyOf?.[1]),
    table('### A mapping under `except:`', except?.anyOf?.[0]?.anyOf?.[1]),
    table('### `defaults:`', defaults),
    table('### `mail:`', mail),
  ].join('\n');
}

function table(title: string, schema: Schema | undefined): string {
  const rows = Object.entries(schema?.properties ?? {}).map(([key, value]) => {
    return [`\`${key}\``, kind(value), presence(schema, key, value), value.description ?? ''];
  });
  return [title, '', ...aligned([['key', 'value', 'if not given', 'meaning'], ...rows]), ''].join('\n');
}

/** Rows as the formatter lays out a table. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const [head = '', ...body] = rows.map(
    (row) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`,
  );
  return [head, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body];
}

function presence(schema: Schema | undefined, key: string, value: Schema): string {
  if (schema?.required?.includes(key)) return '**required**';
  return value.default === undefined ? '' : `\`${flow(value.default)}\``;
}

/** A value as YAML writes it on one line. */
function flow(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
}

/** The words for the schema's patterns, by a text that each takes and texts that it refuses. */
const texts = [
  { words: 'name', takes: 'shop-2', refuses: ['Shop'] },
  { words: 'time', takes: '1h30m', refuses: ['shop'] },
  { words: 'mail address', takes: 'ops@example.org', refuses: ['ops'] },
  { words: 'SMTP address', takes: 'smtp://mail.example.org', refuses: ['mail.example.org'] },
  { words: 'path', takes: '/a/path', refuses: ['', 'two\nlines'] },
  { words: 'path or `""`', takes: 'a\tpath', refuses: ['two\nlines'] },
  { words: 'size', takes: '10MiB', refuses: ['10', '10MB'] },
  { words: 'octal digits', takes: '0027', refuses: ['0888', '1777'] },
  { words: 'time zone', takes: 'Europe/Berlin', refuses: ['33'] },
  { words: 'user name', takes: 'www-data', refuses: ['33', '/a/path'] },
] as const;

function kind(schema: Schema): string {
  const { anyOf, type, items } = schema;
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum) return schema.enum.map((one) => `\`${one}\``).join(' or ');
  if (anyOf) return either(anyOf);
  switch (type) {
    case 'integer':
    case 'number':
      return `${type === 'integer' ? 'whole number' : 'number'} from ${schema.minimum} to ${schema.maximum}`;
    case 'boolean':
      return '`true` or `false`';
    case 'array':
      return `list, each ${kind(items ?? {})}`;
    case 'object':
      return schema.properties ? 'mapping, see below' : 'mapping of names to values';
    default:
      return text(schema);
  }
}

function either(schemas: readonly Schema[]): string {
  const [one, other] = schemas as readonly [Schema, Schema];
  if (other.prefixItems) return `${kind(one)}, or a list of texts`;
  const same = JSON.stringify(other.items) === JSON.stringify(one);
  return same ? `${kind(one)}, or a list of them` : `${kind(one)}, or a ${kind(other)}`;
}

function text({ pattern }: Schema): string {
  if (pattern === undefined) return 'text';
  const expression = new RegExp(pattern, 'u');
  const known = texts.find(
    ({ takes, refuses }) => expression.test(takes) && refuses.every((refused) => !expression.test(refused)),
  );
  return known?.words ?? 'text';
}
