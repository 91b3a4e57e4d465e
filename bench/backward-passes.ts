/** Whole backward passes over three workers, here and in real PyTorch, where this machine has it. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type { Operand } from '../actors/index.ts';
import { median } from './alternate.ts';
import { built, builtRpc } from './built.ts';
import type { Section } from './section.ts';

const passes = 50;
const turns = 3;

/** Both in turns, since the machine may be busy. */
export function backwardPasses(): Section {
  const python = pythonWithTorch();
  const spans = Array.from({ length: turns }, (_, turn) => ({
    ours: timeOurs(),
    theirs: python === undefined ? undefined : timeTheirs(python, turn),
  }));
  const ours = median(spans.map((span) => span.ours));
  const theirs = spans.flatMap((span) => span.theirs ?? []);
  const their = theirs.length === 0 ? undefined : median(theirs);
  return {
    title: 'Backward passes',
    method:
      'Passes a second of one program: a context, a call to each of two workers, the second with the result ' +
      'of the first, `backward` from its sum, and the gradient. Wall time; here three simulated workers in ' +
      `one process, in PyTorch (RPC over TensorPipe) three processes. Medians of ${turns} turns of ${passes} passes.` +
      (their === undefined ? ' No python3 here has PyTorch with RPC: not compared.' : ''),
    header: ['program', 'Orrery', 'PyTorch', 'ratio'],
    rows: [
      [
        'three workers, two calls',
        `${rate(ours)}/s`,
        their === undefined ? 'absent' : `${rate(their)}/s`,
        their === undefined ? '—' : (their / ours).toFixed(2),
      ],
    ],
  };
}

function rate(seconds: number): string {
  return (1 / seconds).toFixed(1);
}

/** Seconds a pass. */
function timeOurs(): number {
  const { defineSystem, runSystem } = built;
  const system = defineSystem({ ...clusterOf(), monitors: [], properties: [] });
  const start = performance.now();
  const { world } = runSystem(system);
  const seconds = (performance.now() - start) / 1_000 / passes;
  const ended = builtRpc.mainOutcome(world, 'worker0');
  if (ended.type !== 'returned') throw new Error(`The passes: ${JSON.stringify(ended)}.`);
  return seconds;
}

function* multiply(left: Operand, right: Operand) {
  return yield* builtRpc.torch.mul(left, right);
}

function* add(left: Operand, right: Operand) {
  return yield* builtRpc.torch.add(left, right);
}

function clusterOf() {
  const { defineFunctions } = built;
  const { cluster, distAutograd, rpc, torch } = builtRpc;
  function* onePass() {
    return yield* distAutograd.context(function* (context) {
      const weight = yield* torch.tensor([1, 2, 3, 4], { requiresGrad: true });
      const first = yield* rpc.sync('worker1', multiply, [weight, weight]);
      const second = yield* rpc.sync('worker2', add, [first, weight]);
      yield* distAutograd.backward(context, [yield* torch.sum(second)]);
      const gradients = yield* distAutograd.getGradients(context);
      return distAutograd.gradientOf(gradients, weight)?.data;
    });
  }
  function* many() {
    for (let pass = 0; pass < passes; pass += 1) {
      const found = yield* onePass();
      if (String(found) !== '3,5,7,9') throw new Error(`A gradient is ${String(found)}.`);
    }
  }
  const functions = defineFunctions({ add, many, multiply });
  return cluster({
    functions,
    main: { worker0: functions.toCall('many', []) },
    profile: 'hardened',
    workers: 3,
  });
}

const probe = 'import torch.distributed.rpc as rpc; rpc.TensorPipeRpcBackendOptions';

/** Debian's own comes before whatever else is called so. */
function pythonWithTorch(): string | undefined {
  return ['/usr/bin/python3', 'python3'].find(
    (python) => spawnSync(python, ['-c', probe]).status === 0,
  );
}

const firstPort = 29_650;

/** Seconds a pass; without the time to start. */
function timeTheirs(python: string, turn: number): number {
  const script = fileURLToPath(new URL('backward_passes.py', import.meta.url));
  const { stderr, stdout } = spawnSync(python, [script, `${passes}`, `${firstPort + turn}`], {
    encoding: 'utf8',
  });
  const [seconds = '', gradient] = stdout.trim().split(/ (?=\[)/);
  if (gradient !== '[3.0, 5.0, 7.0, 9.0]') throw new Error(`PyTorch gave ${stdout}: ${stderr}`);
  return Number(seconds);
}
