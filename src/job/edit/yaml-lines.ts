import { fitsBlock, flowText, keyText, pairsOf, scalarText, type YamlMapping, type YamlValue } from './yaml-text.ts';

/** How a file is indented: blanks for each level. */
export interface Layout {
  readonly step: number;
}

/** Longer lists and mappings stand below one another. */
const widest = 90;

/** A mapping in block style, a line for each key and more where a value takes them; without line ends. */
export function mappingLines(mapping: YamlMapping, column: number, layout: Layout): readonly string[] {
  return pairsOf(mapping).flatMap(([key, value]) => {
    const { beside, below } = nodeLines(value, column, layout);
    return [`${blanks(column)}${keyText(key)}:${beside === '' ? '' : ` ${beside}`}`, ...below];
  });
}

/** A value behind its key or its dash, and what stands below. */
interface NodeLines {
  readonly beside: string;
  readonly below: readonly string[];
}

function nodeLines(value: YamlValue, column: number, layout: Layout): NodeLines {
  if (typeof value === 'string') return textLines(value, column, layout);
  const flow = flowText(value);
  if (flow !== undefined && (typeof value !== 'object' || isShort(value, column + flow.length))) {
    return { beside: flow, below: [] };
  }
  const inner = column + layout.step;
  if (!Array.isArray(value)) return { beside: '', below: mappingLines(value as YamlMapping, inner, layout) };
  return { beside: '', below: value.flatMap((item) => itemLines(item, inner, layout)) };
}

/** Whether a list or mapping is better read on one line. */
function isShort(value: YamlValue & object, width: number): boolean {
  const empty = Object.keys(value).length === 0;
  return empty || (width <= widest && (Array.isArray(value) || pairsOf(value as YamlMapping).length <= 2));
}

function itemLines(item: YamlValue, column: number, layout: Layout): readonly string[] {
  const { beside, below } = nodeLines(item, column, layout);
  if (beside !== '') return [`${blanks(column)}- ${beside}`, ...below];
  const [first = '', ...rest] = nested(item, column + 2, layout);
  return [`${blanks(column)}- ${first.trimStart()}`, ...rest];
}

/** A list or mapping that begins behind a dash. */
function nested(item: YamlValue, column: number, layout: Layout): readonly string[] {
  if (!Array.isArray(item)) return mappingLines(item as YamlMapping, column, layout);
  return item.flatMap((one) => itemLines(one, column, layout));
}

function textLines(text: string, column: number, { step }: Layout): NodeLines {
  if (!fitsBlock(text)) return { beside: scalarText(text), below: [] };
  const ended = text.endsWith('\n');
  const lines = (ended ? text.slice(0, -1) : text).split('\n');
  const below = lines.map((line) => (line === '' ? '' : `${blanks(column + step)}${line}`));
  return { beside: ended ? '|' : '|-', below };
}

export function blanks(count: number): string {
  return ' '.repeat(count);
}
