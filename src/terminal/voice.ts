import type { Page } from './page.ts';

/** How a command speaks: to a person, or to a program. */
export interface Voice {
  /** Shows a view: as `draw` draws it, or as the JSON it is. */
  show<View>(view: View, draw: (view: View, page: Page) => string): void;
  /** Says a sentence that only a person wants. */
  remark(text: string): void;
}

type Write = (text: string) => void;

export function humanVoice(write: Write, page: Page): Voice {
  return {
    show: (view, draw) => write(`${draw(view, page).replace(/\n$/, '')}\n`),
    remark: (text) => write(`${text}\n`),
  };
}

export function jsonVoice(write: Write): Voice {
  return {
    // Every key is always there: what is not known is null.
    show: (view) => write(`${JSON.stringify(view, (_key, value) => value ?? null, 2)}\n`),
    remark: () => undefined,
  };
}
