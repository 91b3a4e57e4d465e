/** A graph as data for whoever draws it. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** A node; `group` names what it lies in, such as its worker. */
export interface GraphNode {
  readonly id: string;
  readonly label: string;
  /** What it is, for its looks. */
  readonly kind: string;
  readonly group?: string;
  /** Lines below the label. */
  readonly notes: readonly string[];
}

/** An edge between two nodes. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly kind: string;
}
