/**
 * How a local pass begins. It leaves out the nodes that lie less deep than what it is asked for; where the depths of
 * nodes are not guarded, a thread writes those of its graph in sections of their own, and others may read before.
 *
 * @see PyTorch, `torch/csrc/autograd/engine.cpp`, `Engine::execute`; `function.h`, `Node::update_topological_nr`.
 */
import { deleteIn, emptyMap, hasIn, setIn, sizeOf } from '../../../src/core/persistent-map.ts';
import type { ChangingDepths } from '../../engine/depths.ts';
import { nodesBottomUp } from '../../engine/depths.ts';
import type { AutogradNodeId } from '../../engine/ids.ts';
import { beginPass } from '../../engine/local-pass.ts';
import { gradientEdge } from '../../engine/node.ts';
import { isOn } from '../../switches/switches.ts';
import type { WorkerContext } from '../context.ts';
import { answer } from '../futures/futures.ts';
import type { Step } from '../step.ts';
import { andThen, queueWork, stepOf } from '../step.ts';
import { failureOf } from '../user/failure.ts';
import type { Asked, EngineRequest } from '../user/user-request.ts';
import { newParallel, publish } from './device-threads.ts';
import { engineOf, passesOf, putEngine, putLocalPass, surroundingsOf } from './local-engine.ts';

/** A thread asks for a pass. */
type AskedPass = Asked<Extract<EngineRequest, { readonly type: 'engine.begin' }>>;

/** A thread writes the depths of nodes, those first that lie behind others, and begins its pass then. */
export interface Numbering extends AskedPass {
  readonly nodes: readonly AutogradNodeId[];
}

/** Counts what the pass must go through; no node runs yet. */
export function beginLocalPass(context: WorkerContext, asked: AskedPass): Step {
  const { inputs, roots } = asked.request.pass;
  if (inputs === undefined || !isOn(context.switches, 'engine.staleTopoNr')) {
    return begin(context, asked);
  }
  const changing = changingIn(context);
  const starts = roots.flatMap((root) => {
    const edge = gradientEdge(root);
    return edge.type === 'edge' ? [edge.node] : [];
  });
  // What another thread has begun with is left to it.
  const nodes = nodesBottomUp(starts).filter((node) => !hasIn(changing, node));
  if (nodes.length === 0) return begin(context, asked);
  const begun = nodes.reduce((all, node) => setIn(all, node, true as const), changing);
  return andThen(
    stepOf(putChanging(context, begun)),
    queueWork({ ...asked, nodes, type: 'engine.numbered' }),
  );
}

/** The depth of the next node is written. */
export function numberNode(context: WorkerContext, { nodes, ...asked }: Numbering): Step {
  const [node, ...left] = hasIn(context.threads, asked.thread) ? nodes : [];
  const written = node === undefined ? nodes : [node];
  const after = putChanging(
    context,
    written.reduce((all, each) => deleteIn(all, each), changingIn(context)),
  );
  if (node === undefined) return stepOf(after);
  if (left.length > 0) {
    return andThen(stepOf(after), queueWork({ ...asked, nodes: left, type: 'engine.numbered' }));
  }
  try {
    return begin(after, asked);
  } catch (thrown) {
    const outcome = { type: 'threw', error: failureOf(thrown) } as const;
    return answer(after, { outcome, thread: asked.thread });
  }
}

function begin(context: WorkerContext, { request, thread }: AskedPass): Step {
  const { frame, pass: wanted } = request;
  const outer = passesOf(context, thread);
  // The thread waits for a pass that only it could run.
  if (outer.length > 0 && isOn(context.switches, 'engine.noReentrantLoop')) return stepOf(context);
  const around = surroundingsOf(context);
  const pass = beginPass(wanted, frame === undefined ? around : { ...around, frame });
  const name = `${thread}#${outer.length}`;
  const begun = putLocalPass(context, name, { ...newParallel(context), pass, thread });
  const value = { type: 'turned', pass: name } as const;
  return publish(begun, name, (now) =>
    answer(now, { outcome: { type: 'returned', value }, thread }),
  );
}

function changingIn(context: WorkerContext): ChangingDepths {
  return engineOf(context).changingDepths ?? emptyMap();
}

function putChanging(context: WorkerContext, changingDepths: ChangingDepths): WorkerContext {
  const { changingDepths: _, ...engine } = engineOf(context);
  return putEngine(context, sizeOf(changingDepths) === 0 ? engine : { ...engine, changingDepths });
}
