/** A graph as SVG: boxes with a title and notes, grouped by what they lie in. */
import type { Graph, GraphNode } from '../../../../../actors/views/graph.ts';
import { Drawing } from './drawing.tsx';
import { place } from './layout.ts';
import type { Box, Direction } from './layout.ts';
import { useTextWidth } from './text-width.ts';
import type { TextWidth } from './text-width.ts';

interface Props {
  readonly direction: Direction;
  readonly graph: Graph;
  readonly title: string;
}

/** The graph, laid out anew whenever it changes. */
export function GraphView({ direction, graph: { edges, nodes }, title }: Props) {
  const textWidth = useTextWidth();
  const groups = [...new Set(nodes.flatMap(({ group }) => (group === undefined ? [] : [group])))];
  const boxes: readonly Box[] = [
    ...groups.map((group) => ({ height: 0, id: groupId(group), width: 0 })),
    ...nodes.map((node) => boxOf(node, textWidth)),
  ];
  const placed = place({
    boxes,
    direction,
    lines: edges.map(({ from, label, to }) => ({ from, labelWidth: textWidth(label, 11), to })),
  });
  return (
    <Drawing
      title={title}
      placed={placed}
      lines={edges.map(({ kind, label }) => ({ kind, label }))}
      boxes={[
        ...groups.map((group) => ({ id: groupId(group), kind: 'group', lines: [], title: group })),
        ...nodes.map(({ id, kind, label, notes }) => ({ id, kind, lines: notes, title: label })),
      ]}
    />
  );
}

function groupId(group: string): string {
  return `group ${group}`;
}

function boxOf({ group, id, label, notes }: GraphNode, textWidth: TextWidth): Box {
  const widest = Math.max(textWidth(label, 12.5, 600), ...notes.map((note) => textWidth(note, 11)));
  return {
    height: 26 + notes.length * 14,
    id,
    width: widest + 20,
    ...(group === undefined ? {} : { parent: groupId(group) }),
  };
}
