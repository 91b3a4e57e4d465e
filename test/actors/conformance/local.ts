/** A program in one process with plain autograd: what every exact distributed backward must give too. */
import type { Named } from '../../../actors/conformance/functions.ts';
import type { ConformanceProgram } from '../../../actors/conformance/program.ts';
import { accumulate } from '../../../machines/engine/accumulate.ts';
import type { Gradient, Tensor } from '../../../machines/engine/graph.ts';
import { tensorId } from '../../../machines/engine/ids.ts';
import { tensor } from '../../../machines/engine/tensor.ts';
import type { PersistentMap } from '../../../src/index.ts';
import { emptyMap, entriesOf, getIn } from '../../../src/index.ts';
import { backwardLocally } from '../../machines/engine/local-passes.ts';
import { createThread } from '../../machines/engine/thread.ts';

/** What plain autograd gives, in the form of a record. */
export interface LocalOutcome {
  readonly error: { readonly message: string; readonly type: string } | null;
  readonly forward: Readonly<Record<string, readonly number[]>>;
  readonly gradients?: Readonly<Record<string, readonly number[]>>;
}

export function localOutcome(program: ConformanceProgram): LocalOutcome {
  const thread = createThread('local');
  const values = new Map<string, Tensor>();
  for (const value of program.values) {
    if (value.kind === 'leaf') {
      const { data, requires_grad: requiresGrad, shape } = value;
      values.set(value.id, requiresGrad ? thread.leaf(data, shape) : tensor(data, { shape }));
    } else {
      const args = value.args.flatMap((arg): readonly (Tensor | number)[] => {
        const found = typeof arg === 'number' ? arg : values.get(arg);
        return found === undefined ? [] : [found];
      });
      const { id, kwargs, op } = value;
      const name = op === 'transpose' && kwargs === undefined ? 't' : op;
      values.set(id, thread.applyWith(kwargs ?? {}, name, ...args));
    }
  }
  const roots = program.roots.flatMap((id) => values.get(id) ?? []);
  const forward = Object.fromEntries(
    program.roots.map((id) => [id, rounded(values.get(id)?.data ?? [])]),
  );
  if (roots.some(({ requiresGrad }) => !requiresGrad)) {
    const error = { message: 'requires_grad not set on root', type: 'RuntimeError' };
    return { error, forward };
  }
  let grads: PersistentMap<Gradient> = emptyMap();
  for (let pass = 0; pass < (program.backward_passes ?? 1); pass += 1) {
    const { gradients } = backwardLocally(roots, { keepGraph: true });
    for (const [name, grad] of entriesOf(gradients)) {
      grads = accumulate(grads, { grad, variable: tensorId(name) });
    }
  }
  const named: Named = program.values.flatMap((value) => {
    const id = value.kind === 'leaf' ? values.get(value.id)?.id : undefined;
    const grad = id === undefined ? undefined : getIn(grads, id);
    return grad?.type === 'tensor' ? [[value.id, rounded(grad.data)] as const] : [];
  });
  return { error: null, forward, gradients: Object.fromEntries(named) };
}

const digits = 6;

function rounded(data: readonly number[]): readonly number[] {
  return data.map((element) => Number(element.toFixed(digits)));
}
