/** One table of `docs/bench.md`: what was compared, and what came out. */
export interface Section {
  readonly title: string;
  /** What was measured and how, in a sentence or two. */
  readonly method: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The section as Markdown. */
export function formatSection({ header, method, rows, title }: Section): string {
  return [`## ${title}`, '', method, '', formatRows(header, rows), ''].join('\n');
}

/** A table as Markdown. */
export function formatRows(header: Section['header'], rows: Section['rows']): string {
  const widths = header.map((cell, column) =>
    Math.max(3, cell.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(header), rule, ...rows.map(line)].join('\n');
}
