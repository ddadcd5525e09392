/** What a terminal shows of a text: it knows line ends, carriage returns and the erasing of a line's rest, and passes over colour. */
export class Screen {
  readonly #lines: string[] = [''];
  #column = 0;

  constructor(text: string) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are spoken to with them
    for (const [piece] of text.matchAll(/\u001b\[[?\d;]*[A-Za-z]|\r|\n|[^\u001b\r\n]+/g)) this.#take(piece);
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  #take(piece: string): void {
    if (piece === '\r') this.#column = 0;
    else if (piece === '\n') this.#startLine();
    else if (piece === '\u001b[K') this.#edit((line) => line.slice(0, this.#column));
    else if (!piece.startsWith('\u001b')) this.#print(piece);
  }

  #startLine(): void {
    this.#lines.push('');
    this.#column = 0;
  }

  #print(text: string): void {
    this.#edit((line) => line.slice(0, this.#column) + text + line.slice(this.#column + text.length));
    this.#column += text.length;
  }

  #edit(change: (line: string) => string): void {
    this.#lines.push(change(this.#lines.pop() ?? ''));
  }
}
