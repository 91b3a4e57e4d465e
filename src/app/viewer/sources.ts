/**
 * The sources of user code that a page brings along, and where in its scripts they went: so that a line of
 * the script, as the engine's stacks name it, leads to the line that somebody wrote.
 */

/** A source file. */
export interface SourceFile {
  readonly file: string;
  readonly text: string;
}

/** Where a stretch of script comes from. */
export interface Spot {
  /** From 1, of the page's document, as in stacks. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** The number of the file; -1 for code that nobody wants to see. */
  readonly file: number;
  /** From 1, of the file. */
  readonly sourceLine: number;
}

/** Both, as they stand in a page. Spots come in order, as four numbers each. */
export interface Sources {
  readonly files: readonly SourceFile[];
  readonly spots: readonly (readonly [number, number, number, number])[];
}

/** The class of the elements that hold sources. */
export const sourcesClass = 'orrery-sources';

/** A line of somebody's code. */
export interface SourceLine extends SourceFile {
  readonly line: number;
}

/** The line that a place in the script comes from; `undefined` where that is no code of these files. */
export function sourceLineOf(
  { files, spots }: Sources,
  { column, line }: Pick<Spot, 'column' | 'line'>,
): SourceLine | undefined {
  let [low, high] = [0, spots.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const [atLine = 0, atColumn = 0] = spots[middle] ?? [];
    if (atLine < line || (atLine === line && atColumn <= column)) low = middle + 1;
    else high = middle;
  }
  const [spotLine, , place = -1, sourceLine = 0] = spots[low - 1] ?? [];
  const file = files[place];
  return spotLine === line && file !== undefined ? { ...file, line: sourceLine } : undefined;
}
