import { composed } from '../compose.ts';
import type { Operator } from '../operator.ts';

/** The cells of recurrent networks. */
export const cells = {
  /**
   * One step of a long short-term memory: of `input`, `hx`, `cx`, `w_ih`, `w_hh`, and perhaps `b_ih` and
   * `b_hh`, the new `hx` and `cx`.
   *
   * @see PyTorch, `aten/src/ATen/native/RNN.cpp`, `LSTMCell`.
   */
  lstm_cell: composed({ least: 5, most: 7 }, ({ apply, applyAll }, inputs) => {
    const [input = 0, hx = 0, cx = 0, wIh = 0, wHh = 0, ...biases] = inputs;
    const [bIh, bHh] = biases.map((bias) => [bias]);
    const fromHidden = apply('linear', [hx, wHh, ...(bHh ?? [])]);
    const gates = apply('add', [fromHidden, apply('linear', [input, wIh, ...(bIh ?? [])])]);
    const [inGate = 0, forgetGate = 0, cellGate = 0, outGate = 0] = applyAll(
      'unsafe_chunk',
      [gates],
      {
        chunks: 4,
        dim: 1,
      },
    );
    const taken = apply('sigmoid', [inGate]);
    const kept = apply('sigmoid', [forgetGate]);
    const candidate = apply('tanh', [cellGate]);
    const shown = apply('sigmoid', [outGate]);
    const cy = apply('add', [apply('mul', [kept, cx]), apply('mul', [taken, candidate])]);
    return [apply('mul', [shown, apply('tanh', [cy])]), cy];
  }),
} satisfies Readonly<Record<string, Operator>>;
