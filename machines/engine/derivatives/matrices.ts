import { numberIn } from '../operator.ts';
import type { RecordedDerivative } from './recorded-derivative.ts';

/** By the names of nodes: the products of matrices and vectors. */
export const matrices: Readonly<Record<string, readonly RecordedDerivative[]>> = {
  MmBackward0: [timesTurned('other'), turnedTimes('self')],
  MvBackward0: [
    ({ apply }, { grad, tensor }) => apply('outer', [grad, tensor('other')]),
    ({ apply }, { grad, tensor }) => apply('mv', [apply('t', [tensor('self')]), grad]),
  ],
  DotBackward0: [
    ({ apply }, { grad, tensor }) => apply('mul', [grad, tensor('other')]),
    ({ apply }, { grad, tensor }) => apply('mul', [grad, tensor('self')]),
  ],
  BmmBackward0: [
    ({ apply }, { grad, tensor }) =>
      apply('bmm', [grad, apply('transpose', [tensor('other')], { dim0: 1, dim1: 2 })]),
    ({ apply }, { grad, tensor }) =>
      apply('bmm', [apply('transpose', [tensor('self')], { dim0: 1, dim1: 2 }), grad]),
  ],
  AddmmBackward0: [
    ({ apply }, { grad, saved }) => {
      const beta = numberIn(saved, 'beta', 1);
      return beta === 1 ? grad : apply('mul', [grad, beta]);
    },
    weighs(timesTurned('mat2')),
    weighs(turnedTimes('mat1')),
  ],
};

/** The gradient of a product that counts `alpha` times. */
function weighs(derivative: RecordedDerivative): RecordedDerivative {
  return (parts, pass) => {
    const alpha = numberIn(pass.saved, 'alpha', 1);
    const gradient = derivative(parts, pass);
    return alpha === 1 ? gradient : parts.apply('mul', [gradient, alpha]);
  };
}

function timesTurned(name: string): RecordedDerivative {
  return ({ apply }, { grad, tensor }) => apply('mm', [grad, apply('t', [tensor(name)])]);
}

function turnedTimes(name: string): RecordedDerivative {
  return ({ apply }, { grad, tensor }) => apply('mm', [apply('t', [tensor(name)]), grad]);
}
