/** The layout library as a script of its own, which is run when the first graph is drawn. */
import { Graph, layout } from '@dagrejs/dagre';

Object.assign(globalThis, { orreryLayout: { Graph, layout } });
