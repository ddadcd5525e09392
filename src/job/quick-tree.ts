import { EVENT_ID, type Event, getScalarValue, parseEvents, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';
import type { Range, Scalar, Tree } from './tree.ts';

/** What is beyond a sound and simple file, and so for the other parser. */
class Unusual extends Error {}

/** The tree of a sound YAML text; undefined where anything about it is wrong or unusual. */
export function quickTree(text: string): Tree | undefined {
  try {
    return new QuickBuilder(text, parseEvents(text, {})).document();
  } catch {
    return undefined;
  }
}

class QuickBuilder {
  readonly #text: string;
  readonly #events: readonly Event[];
  #next = 0;
  /** Where the last thing read ends. */
  #end = 0;

  constructor(text: string, events: readonly Event[]) {
    this.#text = text;
    this.#events = events;
  }

  document(): Tree {
    const first = this.#take();
    if (first.type !== EVENT_ID.DOCUMENT || first.directives.length > 0) throw new Unusual();
    const tree = this.#peek().type === EVENT_ID.POP ? nothing(0) : this.#value();
    this.#take();
    if (this.#next < this.#events.length) throw new Unusual();
    // A text that is one scalar is no file of jobs, and the two parsers differ in where it ends.
    if (tree.kind === 'scalar' && tree.written !== '') throw new Unusual();
    return tree;
  }

  #value(): Tree {
    const event = this.#take();
    if (event.type === EVENT_ID.ALIAS || event.type === EVENT_ID.DOCUMENT || event.type === EVENT_ID.POP)
      throw new Unusual();
    if (event.tagStart !== -1 || event.anchorStart !== -1) throw new Unusual();
    return this.#tree(event);
  }

  #tree(event: Exclude<Event, { type: 1 | 5 | 6 }>): Tree {
    if (event.type === EVENT_ID.SCALAR) return this.#scalar(event);
    const { start } = event;
    this.#end = start;
    if (event.type === EVENT_ID.SEQUENCE) return { kind: 'sequence', items: this.#items(), range: [start, this.#end] };
    return { kind: 'mapping', entries: this.#entries(), range: [start, this.#end] };
  }

  #items(): readonly Tree[] {
    const items: Tree[] = [];
    while (this.#peek().type !== EVENT_ID.POP) items.push(this.#value());
    this.#take();
    return items;
  }

  #entries(): ReadonlyMap<string, { readonly key: Range; readonly value: Tree }> {
    const entries = new Map<string, { readonly key: Range; readonly value: Tree }>();
    while (this.#peek().type !== EVENT_ID.POP) {
      const key = this.#value();
      if (key.kind !== 'scalar' || key.written === '') throw new Unusual();
      const name = typeof key.value === 'string' ? key.value : key.written;
      if (entries.has(name)) throw new Unusual();
      entries.set(name, { key: key.range, value: this.#value() });
    }
    this.#take();
    return entries;
  }

  #scalar(event: ScalarEvent): Scalar {
    const { valueStart, valueEnd, style } = event;
    if (valueStart === -1) return nothing(this.#end);
    const quote = style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED ? 1 : 0;
    const range: Range = [valueStart - quote, valueEnd + quote];
    this.#end = range[1];
    const written = this.#text.slice(...range);
    const value = getScalarValue(this.#text, event);
    const plain = style === SCALAR_STYLE.PLAIN;
    return { kind: 'scalar', value: plain ? plainValue(value) : value, written, plain, range };
  }

  #peek(): Event {
    const event = this.#events[this.#next];
    if (event === undefined) throw new Unusual();
    return event;
  }

  #take(): Event {
    const event = this.#peek();
    this.#next++;
    return event;
  }
}

function nothing(at: number): Scalar {
  return { kind: 'scalar', value: null, written: '', plain: true, range: [at, at] };
}

/** What a plain scalar means by the core schema (YAML 1.2.2, 10.3.2). */
function plainValue(text: string): Scalar['value'] {
  if (!/^[-+.~\d]|^(?:null|true|false)$/i.test(text)) return text;
  if (/^(?:~|null|Null|NULL)$/.test(text)) return null;
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  const isNumber = /^(?:[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|0o[0-7]+|0x[\da-fA-F]+)$/.test(text);
  if (isNumber) return Number(text);
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return /^\.(?:nan|NaN|NAN)$/.test(text) ? Number.NaN : text;
}
