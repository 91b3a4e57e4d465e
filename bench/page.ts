/** Pages of the documentation, parts of which are written by measurements. */
import { readFileSync, writeFileSync } from 'node:fs';

/** A part of a page, between two comments. */
export interface PagePart {
  readonly read: () => string;
  readonly write: (text: string) => void;
}

/** The part of a page in `docs` that is called so. */
export function pagePart(page: string, name: string): PagePart {
  const file = new URL(`../docs/${page}`, import.meta.url);
  const [begin, end] = [`<!-- ${name}: begin -->\n`, `<!-- ${name}: end -->`];
  const around = () => {
    const text = readFileSync(file, 'utf8');
    return { from: text.indexOf(begin) + begin.length, text, to: text.indexOf(end) };
  };
  return {
    read: () => {
      const { from, text, to } = around();
      return text.slice(from, to);
    },
    write: (part) => {
      const { from, text, to } = around();
      writeFileSync(file, `${text.slice(0, from)}\n${part}\n\n${text.slice(to)}`);
    },
  };
}
