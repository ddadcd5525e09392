/** What stands in a jobs file: texts, numbers, and lists and mappings of them. */
export type YamlValue = string | number | boolean | readonly YamlValue[] | YamlMapping;
export type YamlMapping = { readonly [key: string]: YamlValue | undefined };

/** A text on one line: as it is where every reader of YAML 1.1 and 1.2 takes it for that text, else in quotes. */
export function scalarText(text: string, within: 'block' | 'flow' = 'block'): string {
  if (isPlain(text) && (within === 'block' || !/[,[\]{}]/.test(text))) return text;
  if (unprintable.test(text)) return escapedText(text);
  if (!/["\\]/.test(text)) return `"${text}"`;
  return `'${text.replaceAll("'", "''")}'`;
}

/** A key: names are as they are, because no reader of a jobs file takes one for anything else but these words. */
export function keyText(name: string): string {
  return /^[A-Za-z_][\w-]*$/.test(name) && !/^(?:null|true|false)$/i.test(name) ? name : scalarText(name, 'flow');
}

/** Tabs among them: some readers object to them where others do not. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/;

/** Begins as a word, a path, an option or a variable does: no sign of YAML's own, no digit of a number or a time. */
const plainStart = /^(?:--?)?[A-Za-z/._$(]/;
/** What some reader takes for a boolean, nothing or a number. */
const otherType = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf|\.nan|[-.]*\.inf|-?\.[\d_].*|\.+|-+)$/i;

/** Texts in every version of YAML, although they begin with a digit. */
const plainDuration = /^(?:\d+(?:ms|[smhdw]))+$/;

function isPlain(text: string): boolean {
  if (plainDuration.test(text)) return true;
  if (!plainStart.test(text) || otherType.test(text) || unprintable.test(text)) return false;
  return !/: | #|[: ]$/.test(text);
}

/** In double quotes, what cannot be printed as `\uNNNN` (YAML 1.2.2, 5.7). */
function escapedText(text: string): string {
  const everywhere = new RegExp(unprintable.source, 'g');
  return JSON.stringify(text).replace(everywhere, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Whether the lines of a text can stand as they are below a `|`, for every reader. */
export function fitsBlock(text: string): boolean {
  if (!/\n./.test(text) || /^\s|\n\n$|\n[ \t]+(?:\n|$)/.test(text)) return false;
  return !unprintable.test(text.replace(/[\n\t]/g, ''));
}

/** A value on one line; undefined where it holds a text of several lines, which is better read below one another. */
export function flowText(value: YamlValue): string | undefined {
  if (typeof value === 'string') return fitsBlock(value) ? undefined : scalarText(value, 'flow');
  if (typeof value !== 'object') return String(value);
  const isList = Array.isArray(value);
  const parts = isList ? value.map(flowText) : pairsOf(value as YamlMapping).map(flowPair);
  if (parts.includes(undefined)) return undefined;
  if (isList || parts.length === 0) return isList ? `[${parts.join(', ')}]` : '{}';
  return `{ ${parts.join(', ')} }`;
}

function flowPair([key, value]: readonly [string, YamlValue]): string | undefined {
  const text = flowText(value);
  return text && `${keyText(key)}: ${text}`;
}

/** The keys that are given, with their values. */
export function pairsOf(mapping: YamlMapping): readonly (readonly [string, YamlValue])[] {
  return Object.entries(mapping).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
}
