/**
 * Autograd as user code calls it.
 *
 * @see PyTorch, `torch/distributed/autograd/__init__.py`; `torch/csrc/distributed/autograd/init.cpp`.
 */
import { unreachable } from '../../../src/core/errors.ts';
import type { PersistentMap } from '../../../src/core/persistent-map.ts';
import { deleteIn, entriesOf, getIn, setIn, valuesOf } from '../../../src/core/persistent-map.ts';
import { retrieveContext } from '../../autograd/container.ts';
import { getGradients, newContext, releaseContext } from '../../autograd/lifetime.ts';
import type { Gradient, Tensor } from '../../engine/graph.ts';
import { gradNameOf } from '../../engine/history.ts';
import type { AutogradContextId } from '../../engine/ids.ts';
import { isSameShape } from '../../engine/tensor.ts';
import { torchCheck } from '../../engine/torch-error.ts';
import type { WorkerContext } from '../context.ts';
import { answer } from '../futures/futures.ts';
import { recordingBackward } from '../profiling/profiled-passes.ts';
import type { Step } from '../step.ts';
import { andThen, stepOf } from '../step.ts';
import { putThread, threadOf } from '../threads/thread.ts';
import type {
  Asked,
  AutogradRequest,
  LeafGradient,
  RecordedFunctions,
} from '../user/user-request.ts';
import { applyAutograd } from './autograd-effects.ts';
import { callBackward } from './discovery.ts';
import { advanceReleases, hasOpenCalls, rememberEnd } from './ended-contexts.ts';

/** Serves a request about autograd. */
export function serveAutograd(
  context: WorkerContext,
  { request, thread }: Asked<AutogradRequest>,
): Step {
  switch (request.type) {
    case 'autograd.backward':
      return recordingBackward(context, { ops: request.ops, thread }, (now) =>
        callBackward(now, { ...request, thread }),
      );
    case 'autograd.functions':
      return give(context, { thread, value: functionsIn(context, request.contextId) });
    case 'autograd.get-gradients':
      return give(context, { thread, value: gradientsIn(context, request.contextId) });
    case 'autograd.new-context':
      return enter(context, thread);
    case 'autograd.release-context':
      return leave(context, { contextId: request.contextId, thread });
    case 'autograd.retrieve-context': {
      const { contextId, knownWorkerIds } = retrieveContext(context.autograd, request.contextId);
      return give(context, { thread, value: { contextId, knownWorkerIds } });
    }
    case 'torch.grad':
      return give(context, { thread, value: gradHere(context, request.tensor) });
    case 'torch.set-grads': {
      const { gradients } = request;
      const grads = gradients.reduce<PersistentMap<Gradient>>(
        (all, { grad, variable }) => setIn(all, variable, grad),
        context.local.grads,
      );
      return give({ ...context, local: { ...context.local, grads } }, { thread, value: undefined });
    }
    case 'torch.set-grad':
      return setGrad(context, { request, thread });
    default:
      return unreachable(request);
  }
}

/** Ends the contexts whose calls are over after this step. */
export function endReleases(step: Step): Step {
  return advanceReleases(step, (release) => (now) => leave(now, release));
}

function enter(context: WorkerContext, name: string): Step {
  const thread = threadOf(context, name);
  const made = newContext(context.autograd, thread.contextId);
  const { contextId } = made;
  return andThen(
    applyAutograd(context, made),
    (now) => stepOf(putThread(now, { ...thread, contextId })),
    (now) => give(now, { thread: name, value: contextId }),
  );
}

/** The thread is in no context any more, if it was in this one; the end may wait for calls in it. */
function leave(
  context: WorkerContext,
  { contextId, thread: name }: { readonly contextId: AutogradContextId; readonly thread: string },
): Step {
  const released = releaseContext(context.autograd, contextId);
  if (hasOpenCalls(context, contextId)) {
    return stepOf({ ...context, releases: setIn(context.releases, name, contextId) });
  }
  const { contextId: current, ...thread } = threadOf(context, name);
  const releases = deleteIn(context.releases, name);
  const left = rememberEnd({ ...context, releases }, contextId);
  const after = current === contextId ? putThread(left, thread) : left;
  return andThen(applyAutograd(after, released), (now) =>
    give(now, { thread: name, value: undefined }),
  );
}

function functionsIn(context: WorkerContext, id: AutogradContextId): RecordedFunctions {
  const { recvFunctions, sendFunctions } = retrieveContext(context.autograd, id);
  return { recvFunctions: valuesOf(recvFunctions), sendFunctions: valuesOf(sendFunctions) };
}

function gradientsIn(context: WorkerContext, id: AutogradContextId): readonly LeafGradient[] {
  return [...entriesOf(getGradients(context.autograd, id))].flatMap(([variable, grad]) =>
    grad.type === 'tensor' ? [{ grad, variable }] : [],
  );
}

/** `.grad` of a leaf, or of a result whose gradient is retained. */
function gradHere(context: WorkerContext, tensor: Tensor): Tensor | undefined {
  const name = gradNameOf(tensor);
  const found = name === undefined ? undefined : getIn(context.local.grads, name);
  return found?.type === 'tensor' ? found : undefined;
}

/** @see PyTorch, `torch/csrc/autograd/python_variable.cpp`, `THPVariable_set_grad`. */
function setGrad(
  context: WorkerContext,
  { request, thread }: Asked<Extract<AutogradRequest, { readonly type: 'torch.set-grad' }>>,
): Step {
  const { grad, tensor } = request;
  const name = gradNameOf(tensor);
  if (name === undefined) return give(context, { thread, value: undefined });
  torchCheck(
    grad === undefined || isSameShape(grad.shape, tensor.shape),
    'assigned grad has data of a different size',
  );
  const { grads: before } = context.local;
  const grads = grad === undefined ? deleteIn(before, name) : setIn(before, name, grad);
  return give({ ...context, local: { ...context.local, grads } }, { thread, value: undefined });
}

function give(
  context: WorkerContext,
  { thread, value }: { readonly thread: string; readonly value: unknown },
): Step {
  return answer(context, { outcome: { type: 'returned', value }, thread });
}
