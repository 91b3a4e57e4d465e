/**
 * The strongly connected components of a graph: the sets of worlds in which a run can go round for ever.
 *
 * @see Tarjan, "Depth-First Search and Linear Graph Algorithms", 1972, section 4; here with a stack of
 * its own, because a region may be deeper than the engine's.
 */

/** A graph by number: the ways of node n are `targets[offsets[n]]` to before `targets[offsets[n + 1]]`. */
export interface Graph {
  readonly offsets: Int32Array;
  readonly size: number;
  /** Negative where a way leads out of the graph. */
  readonly targets: Int32Array;
}

/** The components in which there is a way back, each with its nodes in ascending order. */
export function cyclicComponents(graph: Graph): readonly Int32Array[] {
  const components = componentOf(graph);
  const counts = new Int32Array(graph.size);
  const isCyclic = new Uint8Array(graph.size);
  const { offsets, size, targets } = graph;
  for (let node = 0; node < size; node += 1) {
    const component = components[node] ?? 0;
    counts[component] = (counts[component] ?? 0) + 1;
    for (let at = offsets[node] ?? 0; at < (offsets[node + 1] ?? 0); at += 1) {
      const target = targets[at] ?? -1;
      if (target >= 0 && components[target] === component) isCyclic[component] = 1;
    }
  }
  const members = new Map<number, { at: number; readonly nodes: Int32Array }>();
  for (let node = 0; node < size; node += 1) {
    const component = components[node] ?? 0;
    if (isCyclic[component] !== 1) continue;
    const known = members.get(component) ?? {
      at: 0,
      nodes: new Int32Array(counts[component] ?? 0),
    };
    known.nodes[known.at] = node;
    known.at += 1;
    members.set(component, known);
  }
  // In the order of their first nodes.
  return [...members.values()].map(({ nodes }) => nodes);
}

/** For each node the number of its component. */
function componentOf({ offsets, size, targets }: Graph): Int32Array {
  const component = new Int32Array(size).fill(-1);
  // When a node was seen, from 1; 0 for not yet.
  const seen = new Int32Array(size);
  const low = new Int32Array(size);
  const next = new Int32Array(size);
  const path = new Int32Array(size);
  const open = new Int32Array(size);
  let pathLength = 0;
  let openLength = 0;
  let time = 0;
  let components = 0;
  const enter = (node: number): void => {
    time += 1;
    seen[node] = time;
    low[node] = time;
    next[node] = offsets[node] ?? 0;
    path[pathLength] = node;
    pathLength += 1;
    open[openLength] = node;
    openLength += 1;
  };
  const leave = (node: number): void => {
    pathLength -= 1;
    const above = path[pathLength - 1] ?? node;
    if (pathLength > 0) low[above] = Math.min(low[above] ?? 0, low[node] ?? 0);
    if (low[node] !== seen[node]) return;
    for (let member = -1; member !== node;) {
      openLength -= 1;
      member = open[openLength] ?? node;
      component[member] = components;
    }
    components += 1;
  };
  for (let root = 0; root < size; root += 1) {
    if (seen[root] !== 0) continue;
    enter(root);
    for (;;) {
      if (pathLength === 0) break;
      const node = path[pathLength - 1] ?? root;
      const at = next[node] ?? 0;
      if (at >= (offsets[node + 1] ?? 0)) {
        leave(node);
        continue;
      }
      next[node] = at + 1;
      const target = targets[at] ?? -1;
      if (target < 0) continue;
      if (seen[target] === 0) enter(target);
      else if (component[target] === -1) low[node] = Math.min(low[node] ?? 0, seen[target] ?? 0);
    }
  }
  return component;
}
