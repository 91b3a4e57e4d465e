/** The bugs that PyTorch's local engine once had, each with its switch on and off. */
import { expect, test } from 'vitest';

import { globals, rpc, torch } from '../../actors/index.ts';
import type { SwitchSettings } from '../../actors/index.ts';
import { gradsOfSharedGraph } from '../../examples/tutorials/local-passes.ts';
import type { Tensor } from '../../machines/engine/graph.ts';
import { check, defineSystem, randomWalk, zero } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import { leaf } from './autograd-programs.ts';
import { play, systemWith } from './play.ts';

function* addGradient(): Program<void> {
  const x = yield* globals.get<Tensor>('x');
  if (x !== undefined) yield* torch.backward([yield* torch.mul(x, 1)]);
}

/** Two threads of one process run backward to one leaf at once; which gradients there are after 24 schedules. */
function sumsOfTwo(switches: SwitchSettings): readonly unknown[] {
  function* main() {
    const x = yield* leaf([1]);
    yield* globals.set('x', x);
    const first = yield* rpc.async('worker0', addGradient, []);
    const second = yield* rpc.async('worker0', addGradient, []);
    yield* rpc.waitAll([first, second]);
    return (yield* torch.grad(x))?.data[0];
  }
  const system = systemWith({ addGradient, main }, { switches, workers: 1 });
  const sums = Array.from({ length: 24 }, (_, seed) => {
    const { outcome } = play(system, { chooser: randomWalk(seed) });
    return outcome;
  });
  return [...new Set(sums.map((outcome) => JSON.stringify(outcome)))].toSorted();
}

test('a sum is lost where leaves have no lock, and never else', () => {
  const whole = '{"type":"returned","value":2}';
  const lost = '{"type":"returned","value":1}';
  expect(sumsOfTwo({})).toEqual([whole]);
  expect(sumsOfTwo({ 'engine.accumulateNoLock': true })).toEqual([lost, whole]);
});

function* note(x: Tensor): Program<void> {
  yield* globals.set('seen', (yield* torch.grad(x))?.data ?? 'no gradient');
}

/** A pass that is to call `note` at its end, and runs another pass on its way. */
function* passWithin(grad: Tensor, x: Tensor): Program<void> {
  yield* torch.autograd.queueCallback(note, x);
  const inner = yield* torch.tensor([1], { requiresGrad: true });
  yield* torch.enableGrad(function* inside() {
    yield* torch.backward([yield* torch.mul(inner, grad)]);
  });
}

function* nested(): Program<unknown> {
  const x = yield* leaf([1]);
  const y = yield* torch.mul(x, 3);
  yield* torch.autograd.registerHook(y, passWithin, x);
  yield* torch.backward([y]);
  return yield* globals.get('seen');
}

test('a callback is called by whatever pass ends first where all share one list', () => {
  const functions = { main: nested, note, passWithin };
  expect(play(systemWith(functions)).outcome).toMatchObject({ value: [3] });
  const switches = { 'engine.globalCallbacks': true };
  expect(play(systemWith(functions, { switches })).outcome).toMatchObject({ value: 'no gradient' });
});

test('a pass within a pass never ends where only the thread that waits could run it', () => {
  const functions = { main: nested, note, passWithin };
  const switches = { 'engine.noReentrantLoop': true };
  expect(play(systemWith(functions, { switches })).outcome).toMatchObject({ type: 'running' });
});

/** What two threads break that ask for gradients over a graph that they share. */
function brokenBySharing(isOn: boolean): readonly string[] {
  const definition = gradsOfSharedGraph({
    network: { latency: [zero] },
    poolSize: 2,
    profile: 'hardened',
    switches: { 'engine.staleTopoNr': isOn },
  });
  const { violations } = check(defineSystem(definition), {
    schedules: 40,
    seed: 1,
    shrink: false,
    strategy: 'random',
  });
  return violations.map(({ property }) => property);
}

test('a part of a gradient is missing where a depth is read that another thread writes (P10)', () => {
  expect(brokenBySharing(true)).toEqual(['P10']);
  expect(brokenBySharing(false)).toEqual([]);
});
