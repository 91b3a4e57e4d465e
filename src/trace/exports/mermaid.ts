/** A run as a sequence diagram for Mermaid. Names and labels are escaped: they come from anywhere. */
import { unreachable } from '../../core/errors.ts';
import type { Step } from '../../kernel/step.ts';
import { pictureOf } from '../picture.ts';
import type { LocalRow, Row, RowOptions } from '../rows.ts';
import { cut } from '../words.ts';

/** What the diagram shows. */
export interface MermaidOptions extends RowOptions {
  /** Rows after which the rest is only counted; 500 unless given. */
  readonly rowsMax?: number;
  /** Whether to note what nodes do by themselves; left out unless asked for. */
  readonly hasLocalSteps?: boolean;
}

const rowsMaxDefault = 500;
const labelMax = 80;

/** The text of the diagram. */
export function mermaid(steps: readonly Step[], options: MermaidOptions = {}): string {
  const { hasLocalSteps = false, rowsMax = rowsMaxDefault } = options;
  const { lanes, rows } = pictureOf(steps, options);
  const all = rows.filter((row) => hasLocalSteps || row.type !== 'local');
  const at = new Map(lanes.map((lane, index) => [lane, `n${index}`]));
  const everybody = lanes.length > 1 ? `n0,n${lanes.length - 1}` : 'n0';
  const left = all.length - rowsMax;
  const lines = [
    'sequenceDiagram',
    ...lanes.map((lane, index) => `  participant n${index} as ${escape(lane)}`),
    ...all.slice(0, rowsMax).flatMap((row) => lineOf(row, at, everybody)),
    ...(left > 0 ? [`  Note over ${everybody}: … and ${left} more rows`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function lineOf(row: Row, at: ReadonlyMap<string, string>, everybody: string): readonly string[] {
  switch (row.type) {
    case 'message': {
      const head = row.lost === undefined ? '->>' : '-x';
      const late = row.sentIn === undefined ? '' : ` (sent in step ${row.sentIn})`;
      const fate = row.lost === undefined ? '' : ` (lost: ${row.lost})`;
      const ends = `${at.get(row.from)}${head}${at.get(row.to)}`;
      return [`  ${ends}: ${escape(row.label + late + fate)}`];
    }
    case 'local':
      return localLines(row, at);
    case 'mark':
      return [`  Note over ${at.get(row.lane)}: ${escape(`${row.mark} ${row.label}`.trim())}`];
    case 'split':
      return [`  Note over ${everybody}: ${escape(row.label)}`];
    default:
      return unreachable(row);
  }
}

function localLines({ notes }: LocalRow, at: ReadonlyMap<string, string>): readonly string[] {
  return [...notes].map(([lane, all]) => {
    const words = all.map(({ count, text }) => (count > 1 ? `${text} x${count}` : text)).join(', ');
    return `  Note over ${at.get(lane)}: ${escape(words)}`;
  });
}

/**
 * What has no meaning to Mermaid stays, all else becomes its entity code. A word `end` alone would close
 * a block, so its first letter is written as a code too.
 *
 * @see Mermaid, "Sequence diagrams", "Entity codes to escape characters" and the note on `end`.
 */
function escape(text: string): string {
  const coded = cut(text, labelMax).replaceAll(
    /[^\w .,?!()+*/=@>-]/gu,
    (sign) => `#${sign.codePointAt(0)};`,
  );
  return coded.replaceAll(/\bend\b/gi, (word) => `#${word.charCodeAt(0)};${word.slice(1)}`);
}
