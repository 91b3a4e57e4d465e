/** Programs whose messages cannot be written, or cannot be read. */
import { cluster, rpc, undecodable, unpicklable, valueError } from '../../actors/index.ts';
import type { ClusterSetting, RRef } from '../../actors/index.ts';
import { defineFunctions } from '../../src/index.ts';
import type { SystemDefinition } from '../../src/index.ts';

/** The owner passes its reference along with what cannot be pickled. */
export function unwritable(setting: ClusterSetting = {}): SystemDefinition {
  return running('passUnwritable', setting);
}

/** The owner passes its reference along with what cannot be unpickled. */
export function unreadable(setting: ClusterSetting = {}): SystemDefinition {
  return running('passUnreadable', setting);
}

/** The owner passes its reference to a function that its peer lacks. */
export function missing(setting: ClusterSetting = {}): SystemDefinition {
  return running('pass', { ...setting, missing: { worker1: ['take'] } });
}

/** The call that is to create a value cannot be read, and its value is asked for. */
export function unreadableCreation(setting: ClusterSetting = {}): SystemDefinition {
  return running('createUnreadable', setting);
}

const functions = defineFunctions({
  createUnreadable,
  pass,
  passUnreadable,
  passUnwritable,
  take,
});

const names = {
  createUnreadable: 'unreadable-creation',
  pass: 'missing-function',
  passUnreadable: 'unreadable-call',
  passUnwritable: 'unwritable-call',
} as const;

function running(main: keyof typeof names, setting: ClusterSetting): SystemDefinition {
  const calls = { worker0: functions.toCall(main, []) };
  return { ...cluster({ workers: 2, ...setting, functions, main: calls }), name: names[main] };
}

function take(_rref: RRef<number> | undefined, _other: unknown): number {
  return 42;
}

function* pass() {
  const rref = yield* rpc.rref(42);
  return yield* rpc.sync('worker1', take, [rref, undefined]);
}

function* passUnwritable() {
  const rref = yield* rpc.rref(42);
  return yield* rpc.sync('worker1', take, [rref, unpicklable(valueError('no'))]);
}

function* passUnreadable() {
  const rref = yield* rpc.rref(42);
  return yield* rpc.sync('worker1', take, [rref, undecodable(valueError('no'))]);
}

function* createUnreadable() {
  const rref = yield* rpc.remote('worker1', take, [undefined, undecodable(valueError('no'))]);
  return yield* rref.toHere();
}
