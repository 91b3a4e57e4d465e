/**
 * A language model split over two workers: the embedding and the decoder on one, the LSTM on the other, which
 * trains all of it.
 *
 * @see PyTorch tutorials, "Getting Started with Distributed RPC Framework", "Distributed RNN using
 * Distributed Autograd and Distributed Optimizer".
 */
import { cluster, distAutograd, optim, rpc, torch } from '../../actors/index.ts';
import type { ClusterSetting, DistributedOptimizer, RRef } from '../../actors/index.ts';
import { call, defineFunctions } from '../../src/index.ts';
import type { Program, ResultOf, SystemDefinition } from '../../src/index.ts';
import type { Layer, Learned, Tensor } from './learning.ts';
import { applyLayer, itemOf, newLayer, numbersFor, parameter, parametersOf } from './learning.ts';

const tokens = 6;
const features = 4;
const hidden = 6;
const batch = 3;
const steps = 20;
const length = 3;

/** The cluster: the trainer with the LSTM, and the server with the tables. */
export function recurrentNetwork(setting: ClusterSetting = {}): SystemDefinition {
  const main = { worker0: functions.toCall('train', []) };
  return {
    ...cluster({ ...setting, classes: [decoder, embeddingTable], functions, main, workers: 2 }),
    name: 'recurrent-network',
  };
}

type TableSelf = RRef<{ readonly class: string; readonly weight: RRef<Tensor> }>;

const embeddingTable = rpc.defineClass('EmbeddingTable', {
  *construct(): Program<{ readonly weight: RRef<Tensor> }> {
    return { weight: yield* parameter(numbersFor(21, tokens * features), [tokens, features], 1) };
  },
  methods: {
    *forward(self: TableSelf, input: Tensor): Program<Tensor> {
      const { weight } = yield* self.localValue();
      return yield* torch.embedding(yield* weight.localValue(), input);
    },
    *parameters(self: TableSelf): Program<readonly RRef<Tensor>[]> {
      return [(yield* self.localValue()).weight];
    },
  },
});

type DecoderSelf = RRef<{ readonly class: string; readonly layer: Layer }>;

const decoder = rpc.defineClass('Decoder', {
  *construct(): Program<{ readonly layer: Layer }> {
    return { layer: yield* newLayer({ inputs: hidden, outputs: tokens, seed: 23 }) };
  },
  methods: {
    *forward(self: DecoderSelf, output: Tensor): Program<Tensor> {
      return yield* applyLayer((yield* self.localValue()).layer, output);
    },
    *parameters(self: DecoderSelf): Program<readonly RRef<Tensor>[]> {
      return parametersOf([(yield* self.localValue()).layer]);
    },
  },
});

/** The network in its parts. */
interface Model {
  readonly cell: readonly [input: Layer, hidden: Layer];
  readonly decoder: RRef<ResultOf<typeof decoder.create>>;
  readonly table: RRef<ResultOf<typeof embeddingTable.create>>;
}

const functions = defineFunctions({ step, train });

function* train(): Program<Learned> {
  const model: Model = {
    cell: [
      yield* newLayer({ inputs: features, outputs: 4 * hidden, seed: 25 }),
      yield* newLayer({ inputs: hidden, outputs: 4 * hidden, seed: 27 }),
    ],
    decoder: yield* rpc.remote('worker1', decoder.create, []),
    table: yield* rpc.remote('worker1', embeddingTable.create, []),
  };
  const params = [
    ...(yield* model.table.rpcSync().parameters()),
    ...parametersOf(model.cell),
    ...(yield* model.decoder.rpcSync().parameters()),
  ];
  const optimizer = yield* optim.distributed(optim.SGD, params, { lr: 2, momentum: 0.5 });
  const losses: number[] = [];
  for (let at = 0; at < steps; at += 1) losses.push(yield* call(step, [{ at, model, optimizer }]));
  return { curves: { worker0: losses }, measure: 'loss' };
}

interface Step {
  readonly at: number;
  readonly model: Model;
  readonly optimizer: DistributedOptimizer;
}

/** Sequences that count up by one or two, each token to be foretold from those before it. */
function* step({ at, model, optimizer }: Step): Program<number> {
  return yield* distAutograd.context(function* inContext(context) {
    let state: readonly [Tensor, Tensor] = [
      yield* torch.zeros([batch, hidden]),
      yield* torch.zeros([batch, hidden]),
    ];
    const losses: Tensor[] = [];
    for (let place = 0; place < length; place += 1) {
      const embedded = yield* model.table.rpcSync().forward(yield* tokensAt(at, place));
      state = yield* lstm(model.cell, embedded, state);
      const scores = yield* model.decoder.rpcSync().forward(state[0]);
      losses.push(yield* torch.crossEntropy(scores, yield* tokensAt(at, place + 1)));
    }
    const loss = yield* torch.mean(yield* torch.stack(losses));
    yield* distAutograd.backward(context, [loss]);
    yield* optim.distributedStep(optimizer, context);
    return itemOf(loss);
  });
}

function tokensAt(at: number, place: number): Program<Tensor> {
  const data = Array.from(
    { length: batch },
    (_, row) => (at + row + place * (1 + (row % 2))) % tokens,
  );
  return torch.tensor(data, { dtype: 'int64' });
}

function* lstm(
  [input, fromHidden]: Model['cell'],
  x: Tensor,
  state: readonly [Tensor, Tensor],
): Program<readonly [Tensor, Tensor]> {
  return yield* torch.lstmCell(x, state, {
    bHh: yield* fromHidden.bias.localValue(),
    bIh: yield* input.bias.localValue(),
    wHh: yield* fromHidden.weight.localValue(),
    wIh: yield* input.weight.localValue(),
  });
}
