/**
 * An agent that learns to keep a pole upright, and observers that each have a pole: they ask the agent what to
 * do and tell it what they were rewarded with.
 *
 * @see PyTorch tutorials, "Getting Started with Distributed RPC Framework", "Distributed Reinforcement
 * Learning using RPC and RRef"; Williams (1992), "Simple statistical gradient-following algorithms for
 * connectionist reinforcement learning" (REINFORCE).
 */
import { cluster, globals, optim, rpc, runtimeError, torch } from '../../actors/index.ts';
import type { ClusterSetting, Future, LocalOptimizer, RRef } from '../../actors/index.ts';
import { call, defineFunctions } from '../../src/index.ts';
import type { Program, SystemDefinition } from '../../src/index.ts';
import type { Layer, Learned, Seed, Tensor } from './learning.ts';
import { applyLayer, drawn, newLayer, parametersOf } from './learning.ts';

const agentName = 'worker0';
const observers = ['worker1', 'worker2', 'worker3'];
const episodes = 16;
const lengthMax = 10;
const discount = 0.9;

/** The cluster: the agent and three observers. */
export function reinforcementLearning(setting: ClusterSetting = {}): SystemDefinition {
  const main = { [agentName]: functions.toCall('learn', []) };
  const workers = observers.length + 1;
  return {
    ...cluster({ ...setting, functions, main, workers }),
    name: 'reinforcement-learning',
  };
}

const functions = defineFunctions({ finishEpisode, learn, observe, reportReward, selectAction });

/** The policy: from the state of a pole to a preference for a push to the right. */
interface Policy {
  readonly layer: Layer;
  readonly optimizer: RRef<LocalOptimizer>;
}

function* learn(): Program<Learned> {
  const layer = yield* newLayer({ inputs: 2, outputs: 1, seed: 71 });
  const optimizer = yield* optim.local(optim.Adam, parametersOf([layer]), { lr: 0.3 });
  yield* globals.set('policy', { layer, optimizer } satisfies Policy);
  const rewards: number[] = [];
  for (let episode = 0; episode < episodes; episode += 1) {
    const futures: Future<void>[] = [];
    for (const [nr, observer] of observers.entries()) {
      futures.push(yield* rpc.async(observer, observe, [episode * observers.length + nr]));
    }
    yield* rpc.waitAll(futures);
    rewards.push(yield* call(finishEpisode, []));
  }
  yield* globals.remove('policy');
  return { curves: { worker0: rewards }, measure: 'steps upright' };
}

/** A pole by its angle and how fast that grows, pushed left or right at each step. */
interface Pole {
  readonly angle: number;
  readonly speed: number;
}

/** One episode of an observer: until its pole has fallen, or long enough. */
function* observe(seed: Seed): Program<void> {
  const { name } = yield* rpc.getWorkerInfo();
  let { pole, seed: state } = newPole(seed);
  for (let at = 0; at < lengthMax && Math.abs(pole.angle) < 1; at += 1) {
    const draw = drawn(state, 1);
    state = draw.seed;
    const chance = ((draw.data[0] ?? 0) + 1) / 2;
    const push = yield* rpc.sync(agentName, selectAction, [name, pole, chance]);
    pole = moved(pole, push);
    yield* rpc.sync(agentName, reportReward, [name, Math.abs(pole.angle) < 1 ? 1 : 0]);
  }
}

function newPole(seed: Seed): { readonly pole: Pole; readonly seed: Seed } {
  const { data, seed: next } = drawn(seed * 7_919 + 17, 8);
  return { pole: { angle: (data[7] ?? 0) / 4, speed: 0 }, seed: next };
}

/** A pole falls the faster the further it leans. */
function moved({ angle, speed }: Pole, push: number): Pole {
  const faster = 0.8 * speed + 0.3 * angle + 0.3 * push;
  return { angle: angle + faster, speed: faster };
}

function* policyHere(): Program<Policy> {
  const found = yield* globals.get<Policy>('policy');
  if (found === undefined) throw runtimeError('There is no policy yet.');
  return found;
}

/** What an observer was told to do, and its rewards. */
interface Episode {
  /** The logarithms of the chances of what was done. */
  readonly logs: readonly Tensor[];
  readonly rewards: readonly number[];
}

function* episodeOf(name: string): Program<Episode> {
  return (yield* globals.get<Episode>(`episode of ${name}`)) ?? { logs: [], rewards: [] };
}

/** Draws a push; `chance` is what the observer drew for it. */
function* selectAction(name: string, { angle, speed }: Pole, chance: number): Program<number> {
  const { layer } = yield* policyHere();
  const state = yield* torch.tensor([angle, speed], { shape: [1, 2] });
  const right = yield* torch.sigmoid(yield* applyLayer(layer, state));
  const push = chance < (right.data[0] ?? 0) ? 1 : -1;
  const likelihood = push === 1 ? right : yield* torch.sub(1, right);
  const log = yield* torch.log(yield* torch.clamp(yield* torch.sum(likelihood), { min: 1e-6 }));
  const { logs, rewards } = yield* episodeOf(name);
  yield* globals.set(`episode of ${name}`, { logs: [...logs, log], rewards });
  return push;
}

function* reportReward(name: string, reward: number): Program<void> {
  const { logs, rewards } = yield* episodeOf(name);
  yield* globals.set(`episode of ${name}`, { logs, rewards: [...rewards, reward] });
}

/** Makes what was followed by more reward than usual likelier; the mean reward of an observer. */
function* finishEpisode(): Program<number> {
  const { optimizer } = yield* policyHere();
  const terms: { readonly log: Tensor; readonly gain: number }[] = [];
  let total = 0;
  for (const name of observers) {
    const { logs, rewards } = yield* episodeOf(name);
    total += rewards.reduce((sum, reward) => sum + reward, 0);
    for (const [at, log] of logs.entries()) terms.push({ gain: gainAfter(rewards, at), log });
    yield* globals.remove(`episode of ${name}`);
  }
  const count = Math.max(terms.length, 1);
  const mean = terms.reduce((sum, { gain }) => sum + gain, 0) / count;
  const variance = terms.reduce((sum, { gain }) => sum + (gain - mean) * (gain - mean), 0) / count;
  const spread = Math.sqrt(variance) + 1e-3;
  const parts: Tensor[] = [];
  for (const { gain, log } of terms) parts.push(yield* torch.mul(log, (mean - gain) / spread));
  yield* torch.backward([yield* torch.sum(yield* torch.stack(parts))]);
  yield* optim.step(optimizer);
  yield* optim.zeroGrad(optimizer);
  return total / observers.length;
}

/** The rewards from a step on, those to come later worth less. */
function gainAfter(rewards: readonly number[], from: number): number {
  return rewards.slice(from).reduceRight((sum, reward) => reward + discount * sum, 0);
}
