/**
 * The texts of PyTorch's errors, to the letter, as user code sees them: `Class: text`.
 *
 * @see PyTorch, `torch/csrc/distributed/rpc`, `torch/distributed/rpc`; the texts are searched for by users.
 */
import { expect, test } from 'vitest';

import { rpc, torch, undecodable, unpicklable, valueError } from '../../actors/index.ts';
import type { ClusterOptions } from '../../actors/index.ts';
import { seconds } from '../../src/index.ts';
import type { Program } from '../../src/index.ts';
import { play, systemWith } from './play.ts';

const seven = (): number => 7;
function* slow(): Program<number> {
  yield* rpc.sleep(2);
  return 1;
}
function fail(): never {
  throw valueError('Expected error');
}
const failScript = rpc.script(fail);
const notAsync = rpc.asyncExecution(seven);
const notAsyncScript = rpc.script(rpc.asyncExecution(seven));
// What only a type that was cast away can lead to.
const notAFunction = 7 as unknown as () => number;

interface Row {
  readonly go: () => Program<unknown>;
  readonly options?: Partial<ClusterOptions>;
  readonly text: string;
}

const ofUserCode: readonly Row[] = [
  {
    text: 'RuntimeError: name:worker0,rank:0 could not find destination name nobody',
    go: () => rpc.sync('nobody', seven, []),
  },
  {
    text: 'RuntimeError: name:worker0,rank:0 could not find destination id -1',
    go: () => rpc.sync(-1, seven, []),
  },
  {
    text: 'TypeError: function should be callable.',
    go: () => rpc.sync('worker1', notAFunction, []),
  },
  {
    text:
      'RuntimeError: RPCErr:1:RPC ran for more than set timeout (500 ms) and will now be marked with ' +
      'an error',
    go: () => rpc.sync('worker1', slow, [], { timeout: 0.5 }),
  },
  {
    text:
      'RuntimeError: RPCErr:2:Send attempt failed intentionally for {"type":"PYTHON_CALL",' +
      '"isAsyncExecution":false,"pickle":{"args":[],"fn":"seven"}}',
    go: () => rpc.sync('worker1', seven, []),
    options: { backend: { messagesToFail: ['PYTHON_CALL'], numFailSends: 1 } },
  },
  {
    text: 'RuntimeError: Overloaded torch operator invoked from Python failed to match any schema',
    go: () => rpc.sync('worker1', torch.neg, ['no tensor' as never]),
  },
  {
    text: 'RuntimeError: Error on Node 1: ValueError: rotten',
    go: () => rpc.sync('worker1', echo, [undecodable(valueError('rotten'))]),
  },
  {
    text: 'ValueError: no',
    go: () => rpc.sync('worker1', echo, [unpicklable(valueError('no'))]),
  },
  {
    text:
      "ValueError: ValueError: On WorkerInfo(id=1, name=worker1):\nValueError('Expected error')\n" +
      'Traceback (most recent call last):\nValueError: Expected error\n',
    go: () => rpc.sync('worker1', fail, []),
  },
  {
    text:
      'RuntimeError: The following operation failed in the TorchScript interpreter.\n' +
      'Traceback of TorchScript (most recent call last):\nbuiltins.ValueError: Expected error\n',
    go: () => rpc.sync('worker1', failScript, []),
  },
  {
    text:
      'RuntimeError: Unable to cast Python instance to C++ type (compile in debug mode for details). ' +
      'Functions decorated with @rpc.async_function must return a torch.futures.Future object, but ' +
      'got builtins.int',
    go: () => rpc.sync('worker1', notAsync, []),
  },
  {
    text: 'RuntimeError: Async functions must return an IValue of Future type, but got int',
    go: () => rpc.sync('worker1', notAsyncScript, []),
  },
  {
    text: 'RuntimeError: attempted to get undefined function failScript',
    go: () => rpc.sync('worker1', failScript, []),
    options: { missing: { worker1: ['failScript'] } },
  },
  {
    text:
      'RuntimeError: AttributeError: On WorkerInfo(id=1, name=worker1):\nAttributeError("Can\'t get ' +
      "attribute 'seven' on <module '__main__'>. Default RPC pickler does not serialize function " +
      'code. Ensure that UDFs are defined on both caller and callee modules.")\nTraceback (most recent ' +
      "call last):\nAttributeError: Can't get attribute 'seven' on <module '__main__'>. Default RPC " +
      'pickler does not serialize function code. Ensure that UDFs are defined on both caller and ' +
      'callee modules.\n',
    go: () => rpc.sync('worker1', seven, []),
    options: { missing: { worker1: ['seven'] } },
  },
  {
    text: 'RuntimeError: Can not pickle torch.futures.Future',
    go: function* go() {
      const future = yield* rpc.future<number>();
      return yield* rpc.sync('worker1', echo, [future]);
    },
  },
  {
    text:
      'RuntimeError: Attempting to mark a completed Future as complete again. Note that a Future can ' +
      'only be marked completed once.',
    go: function* go() {
      const future = yield* rpc.future<number>();
      yield* future.setResult(1);
      yield* future.setResult(2);
    },
  },
  {
    text: 'RuntimeError: Got the following error when running the callback: ValueError: Expected error\n\nAt:\n',
    go: function* go() {
      const future = yield* rpc.async('worker1', seven, []);
      return yield* (yield* future.then(fail)).wait();
    },
  },
  {
    text:
      'RuntimeError: For UserRRef(rref_id=GloballyUniqueId(created_on=0, local_id=0), fork_id=' +
      "GloballyUniqueId(created_on=0, local_id=1)), can't call localValue() on user WorkerInfo(id=0, " +
      'name=worker0). Call it on owner WorkerInfo(id=1, name=worker1)',
    go: function* go() {
      return yield* (yield* rpc.remote('worker1', seven, [])).localValue();
    },
  },
  {
    text:
      'RuntimeError: RRef creation via rpc.remote() timed out, and it is possible that the RRef on the ' +
      'owner node does not exist.',
    go: function* go() {
      const rref = yield* rpc.remote('worker1', slow, [], { timeout: 0.1 });
      yield* rpc.sleep(1);
      return yield* rref.toHere();
    },
  },
];

function echo(value: unknown): unknown {
  return value;
}

test.each(ofUserCode)('$text', ({ go, options, text }) => {
  function* main(): Program<string> {
    try {
      yield* go();
    } catch (error) {
      return String(error);
    }
    return 'no error';
  }
  const functions = { echo, fail, failScript, main, notAsync, notAsyncScript, seven, slow };
  const { outcome } = play(systemWith(functions, { rpcTimeout: seconds(60), ...options }));
  expect(outcome).toEqual({ type: 'returned', value: text });
});
