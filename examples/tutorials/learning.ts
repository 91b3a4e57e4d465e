/** What the tutorials that train have in common: numbers, layers, and how a run shows its curve. */
import { rpc, torch } from '../../actors/index.ts';
import type { RRef, torch as Torch } from '../../actors/index.ts';
import type { Program } from '../../src/index.ts';

/** A tensor. */
export type Tensor = typeof Torch extends { ones(...args: never[]): Program<infer Made> }
  ? Made
  : never;

/** What each tutorial ends with. */
export interface Learned {
  /** One line for each worker that measures, by its name. */
  readonly curves: Readonly<Record<string, readonly number[]>>;
  /** What is measured. */
  readonly measure: string;
}

/** Parameters of a fully connected layer, on the worker that made it. */
export interface Layer {
  readonly bias: RRef<Tensor>;
  readonly weight: RRef<Tensor>;
}

/** Where a sequence of drawn numbers stands. */
export type Seed = number;

// The generator of Lehmer with the multiplier of Park and Miller's second proposal (1993).
const multiplier = 48_271;
const modulus = 2_147_483_647;

/** `count` numbers from -1 to 1, rounded to 1/1024, and where the sequence then stands. */
export function drawn(
  seed: Seed,
  count: number,
): { readonly data: readonly number[]; readonly seed: Seed } {
  let state = seed;
  const data = Array.from({ length: count }, () => {
    state = (state * multiplier) % modulus;
    return (state % 2049) / 1024 - 1;
  });
  return { data, seed: state };
}

/** Numbers for one purpose: the first few of a sequence are alike for seeds that are. */
export function numbersFor(seed: Seed, count: number): readonly number[] {
  return drawn(drawn(seed * 7_919 + 1, 8).seed, count).data;
}

/** What a layer is made of. */
export interface LayerSize {
  readonly inputs: number;
  readonly outputs: number;
  readonly seed: Seed;
}

/** A layer with weights up to the inverse root of its inputs, as `nn.Linear`. */
export function* newLayer({ inputs, outputs, seed }: LayerSize): Program<Layer> {
  return {
    bias: yield* parameter(numbersFor(seed + 1, outputs), [outputs], inputs),
    weight: yield* parameter(numbersFor(seed, inputs * outputs), [outputs, inputs], inputs),
  };
}

/** A parameter of these numbers, scaled for so many inputs, as a reference on this worker. */
export function* parameter(
  numbers: readonly number[],
  shape: readonly number[],
  inputs: number,
): Program<RRef<Tensor>> {
  const scale = 1 / Math.sqrt(inputs);
  const data = numbers.map((each) => each * scale);
  return yield* rpc.rref(yield* torch.tensor(data, { requiresGrad: true, shape }));
}

/** `layer(x)`, on the worker that has its parameters. */
export function* applyLayer({ bias, weight }: Layer, x: Tensor): Program<Tensor> {
  return yield* torch.linear(x, yield* weight.localValue(), yield* bias.localValue());
}

/** `list(layer.parameters())`. */
export function parametersOf(layers: readonly Layer[]): readonly RRef<Tensor>[] {
  return layers.flatMap(({ bias, weight }) => [weight, bias]);
}

/** The number in a tensor that has one. */
export function itemOf({ data }: Tensor): number {
  return data[0] ?? Number.NaN;
}
