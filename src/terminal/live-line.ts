const sequence = '\u001b[';
const erase = `\r${sequence}K`;
/** Without wrapping, a line that is too long is cut by the terminal itself, however broad its characters are. */
const [noWrap, wrap] = [`${sequence}?7l`, `${sequence}?7h`];

const lineEnd = 0x0a;

/** Whether a text stops within a line. */
export function endsWithin(text: string | Uint8Array): boolean {
  const last = typeof text === 'string' ? text.charCodeAt(text.length - 1) : text.at(-1);
  return text.length > 0 && last !== lineEnd;
}

/**
 * The last line of a terminal, written over as things change. Other text goes through `beside`, so that neither tears the
 * other. While that text stops within a line, the live line is not shown: it would be written over it.
 */
export class LiveLine {
  readonly #write: (text: string) => void;
  #text = '';
  #shown = false;
  #atLineStart = true;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  draw(text: string): void {
    const isNew = text !== this.#text || !this.#shown;
    this.#text = text;
    if (!isNew || !this.#atLineStart || (text === '' && !this.#shown)) return;
    this.#write(`${erase}${noWrap}${text}${wrap}`);
    this.#shown = text !== '';
  }

  /** Writes text that comes to the same terminal, with `print`, and draws the line again below it. */
  beside(text: string | Uint8Array, print: () => void): void {
    if (text.length === 0) return;
    this.#hide();
    print();
    this.#atLineStart = !endsWithin(text);
    this.draw(this.#text);
  }

  /** Takes the line away; what follows begins a line of its own. */
  end(): void {
    this.#hide();
    this.#text = '';
    if (!this.#atLineStart) this.#write('\n');
    this.#atLineStart = true;
  }

  #hide(): void {
    if (this.#shown) this.#write(erase);
    this.#shown = false;
  }
}
