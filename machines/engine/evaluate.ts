/** One node of a pass, from the gradients that arrived to those that it hands on. */
import { unreachable } from '../../src/core/errors.ts';
import { getIn, sizeOf } from '../../src/core/persistent-map.ts';
import { callFunction, checkOutputs, defined, requireSaved } from './call-function.ts';
import type { ExecInfo } from './dependencies.ts';
import type { Evaluation } from './evaluation.ts';
import { capture, everythingRuns, failureOf, handOnAll, release } from './evaluation.ts';
import type { EngineFact, GraphTask } from './graph-task-state.ts';
import { failed } from './graph-task-state.ts';
import type { AutogradNode, Gradient } from './graph.ts';
import type { Hook, UserCall } from './hooks.ts';
import {
  allReplaced,
  customOutputs,
  hooksAfter,
  hooksBefore,
  replaced,
  shownGradient,
} from './hooks.ts';
import { tensorId } from './ids.ts';
import type { ReadyTask } from './ready-queue.ts';
import { undefinedTensor } from './tensor.ts';
import { TorchError, torchCheck } from './torch-error.ts';

/** A node on its way: what it was given and gave, and which hooks are still to be called. */
export interface RunningNode {
  /** What user code was asked for. */
  readonly asked?: Hook | 'custom';
  readonly inputs: readonly Gradient[];
  readonly node: AutogradNode;
  /** Absent before the node itself ran. */
  readonly outputs?: readonly Gradient[];
  readonly rest: readonly Hook[];
  /** Whether it only takes a gradient: then its own backward does not run. */
  readonly isCaptured: boolean;
}

/** How far a node is. */
export type Progress =
  | {
      readonly type: 'evaluated';
      readonly evaluation: Evaluation;
      readonly node: AutogradNode;
    }
  /** User code is to be called; its answer is for `resumeNode`. */
  | {
      readonly type: 'asks';
      readonly call: UserCall;
      readonly facts: readonly EngineFact[];
      readonly running: RunningNode;
      readonly task: GraphTask;
    };

/**
 * Evaluates one node that is ready: takes its gradient if that is asked for, runs its backward, and hands
 * the gradients on, as far as it gets without user code. What PyTorch raises becomes the failure of the pass.
 *
 * @see PyTorch, `torch/csrc/autograd/engine.cpp`, `Engine::evaluate_function`.
 */
export function startNode(task: GraphTask, { inputs, node }: ReadyTask): Progress {
  const begun: Evaluation = { facts: [], isExecuted: false, ready: [], task };
  return guarded(begun, node, (note) => {
    const info = sizeOf(task.execInfo) === 0 ? everythingRuns : getIn(task.execInfo, node.id);
    // The text is that of `std::unordered_map::at` in libstdc++.
    torchCheck(info !== undefined, '_Map_base::at');
    const isCaptured = !info.needed;
    const now = isCaptured ? begun : capture(begun, { info, inputs });
    note(now);
    const { hooks } = task;
    const rest =
      hooks === undefined
        ? []
        : hooksBefore(hooks, node).filter(
            // The hook of distributed autograd stands for the leaf, and runs its other hooks too.
            ({ type }) => !isCaptured || type === 'tensor' || accumulates(info),
          );
    return go(now, { inputs, isCaptured, node, rest }, note);
  });
}

/** Goes on with a node, whose hook gave `answer`. */
export function resumeNode(
  task: GraphTask,
  { answer, running }: { readonly answer: unknown; readonly running: RunningNode },
): Progress {
  const { node } = running;
  const begun: Evaluation = {
    facts: [],
    isExecuted: running.outputs !== undefined,
    ready: [],
    task,
  };
  return guarded(begun, node, (note) => {
    const { asked, ...rest } = running;
    if (asked !== 'custom') return go(begun, answered({ answer, asked, running: rest }), note);
    const raw = customOutputs(node, answer);
    const { outputs, task: after } = checkOutputs(task, { node, outputs: raw });
    return go({ ...begun, isExecuted: true, task: after }, ran({ ...rest, outputs }, after), note);
  });
}

type Note = (now: Evaluation) => void;

/** What came before an error stays: the evaluation noted last is as far as the node got. */
function guarded(
  begun: Evaluation,
  node: AutogradNode,
  evaluate: (note: Note) => Progress,
): Progress {
  let now = begun;
  try {
    return evaluate((noted) => {
      now = noted;
    });
  } catch (thrown) {
    if (!(thrown instanceof TorchError)) throw thrown;
    const task = failed(now.task, failureOf(thrown, node));
    return { type: 'evaluated', evaluation: { ...now, ready: [], task }, node };
  }
}

function go(begun: Evaluation, started: RunningNode, note: Note): Progress {
  let now = begun;
  let running = started;
  for (;;) {
    const { node } = running;
    const [hook, ...rest] = running.rest;
    if (hook?.type === 'retain-grad') {
      now = { ...now, facts: [...now.facts, ...retained(hook, running)] };
      running = { ...running, rest };
    } else if (hook !== undefined) {
      return asks(now, { call: callOf(hook, running), running: { ...running, asked: hook, rest } });
    } else if (running.isCaptured) {
      if (running.outputs !== undefined) return finished(now, node);
      now = captured(now, running);
      note(now);
      const posts = hooksOfCapture(now.task, node);
      if (posts.length === 0) return finished(now, node);
      running = { ...running, outputs: [], rest: posts };
    } else if (running.outputs !== undefined) {
      now = release(now, node);
      note(now);
      return finished(handOnAll(now, { node, outputs: running.outputs }), node);
    } else if (node.type === 'custom') {
      requireSaved(now.task, node);
      const args = [{ saved: node.kept }, ...defined({ inputs: running.inputs, node })];
      return asks(now, { call: { args, fn: node.fn }, running: { ...running, asked: 'custom' } });
    } else {
      const { facts, outputs, task } = callFunction(now.task, { inputs: running.inputs, node });
      now = { facts: [...now.facts, ...facts], isExecuted: true, ready: [], task };
      note(now);
      running = ran({ ...running, outputs }, task);
    }
  }
}

function asks(
  { facts, task }: Evaluation,
  { call, running }: { readonly call: UserCall; readonly running: RunningNode },
): Progress {
  return { type: 'asks', call, facts, running, task };
}

function finished(evaluation: Evaluation, node: AutogradNode): Progress {
  return { type: 'evaluated', evaluation, node };
}

/** The node itself is through: what is called after it comes next. */
function ran(running: RunningNode, { hooks }: GraphTask): RunningNode {
  return { ...running, rest: hooks === undefined ? [] : hooksAfter(hooks, running.node) };
}

function callOf(hook: Exclude<Hook, { type: 'retain-grad' }>, running: RunningNode): UserCall {
  const { args, fn } = hook.call;
  const inputs = running.inputs.map(shownGradient);
  switch (hook.type) {
    case 'tensor':
      return { args: [inputs[hook.inputNr], ...args], fn };
    case 'pre':
      return { args: [inputs, ...args], fn };
    case 'post':
      return { args: [(running.outputs ?? []).map(shownGradient), inputs, ...args], fn };
    case 'post-accumulate':
      return { args, fn };
    default:
      return unreachable(hook);
  }
}

interface Answered {
  readonly answer: unknown;
  readonly asked: Hook | undefined;
  readonly running: RunningNode;
}

function answered({ answer, asked, running }: Answered): RunningNode {
  const { inputs, outputs = [] } = running;
  switch (asked?.type) {
    case 'tensor': {
      const { call, inputNr } = asked;
      const grad = replaced(inputs[inputNr] ?? undefinedTensor, answer, call.fn);
      return { ...running, inputs: inputs.with(inputNr, grad) };
    }
    case 'pre':
      return { ...running, inputs: allReplaced(inputs, answer, asked.call.fn) };
    case 'post':
      return { ...running, outputs: allReplaced(outputs, answer, asked.call.fn) };
    case 'post-accumulate':
    case 'retain-grad':
    case undefined:
      return running;
    default:
      return unreachable(asked);
  }
}

function accumulates({ captures }: ExecInfo): boolean {
  return captures.some(({ type }) => type === 'accumulate');
}

/**
 * What is called after the gradient of a leaf was taken.
 *
 * @see PyTorch, `dist_engine.cpp`, `DistAccumulateGradCaptureHook`.
 */
function hooksOfCapture({ execInfo, hooks }: GraphTask, node: AutogradNode): readonly Hook[] {
  const info = getIn(execInfo, node.id);
  if (hooks === undefined || info === undefined || !accumulates(info)) return [];
  return hooksAfter(hooks, node).filter(({ type }) => type === 'post');
}

function retained(
  { inputNr, variable }: Extract<Hook, { type: 'retain-grad' }>,
  { inputs }: RunningNode,
): readonly EngineFact[] {
  const grad = inputs[inputNr] ?? undefinedTensor;
  return grad.type === 'tensor'
    ? [{ type: 'gradient.captured', grad, variable: tensorId(variable) }]
    : [];
}

/** A node that does not run gives its gradients to whoever asked for them. */
function captured(now: Evaluation, { inputs, node }: RunningNode): Evaluation {
  const info = getIn(now.task.execInfo, node.id) ?? everythingRuns;
  return capture(now, { info, inputs });
}
