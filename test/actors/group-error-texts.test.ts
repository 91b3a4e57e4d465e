/**
 * The texts of PyTorch's errors of groups, to the letter, as user code sees them: `Class: text`.
 *
 * @see PyTorch, `torch/distributed/rpc/__init__.py`, `api.py`, `backend_registry.py`; `rendezvous.py`;
 * `torch/csrc/distributed/rpc/agent_utils.cpp`, `tensorpipe_agent.cpp`.
 */
import { expect, test } from 'vitest';

import { distAutograd, globals, processGroup, rpc } from '../../actors/index.ts';
import type { ClusterSetting, Future, InitOptions, RRef } from '../../actors/index.ts';
import type { Program } from '../../src/index.ts';
import { groupOf, runGroup } from './group-programs.ts';

const seven = (): number => 7;

function* slow(): Program<number> {
  yield* rpc.sleep(5);
  return 5;
}

function* callAfter(_future: Future<number>): Program<number> {
  return yield* rpc.sync('worker1', seven, []);
}

function* keep(rref: RRef<number>): Program<void> {
  yield* globals.set('kept', rref);
}

interface Row {
  readonly go: (rank: number) => Program<unknown>;
  /** What the second process does; nothing unless given. */
  readonly other?: (rank: number) => unknown;
  readonly setting?: ClusterSetting;
  readonly text: string;
}

const uninitialized =
  'RuntimeError: RPC has not been initialized. Call torch.distributed.rpc.init_rpc first.';
const noAgent =
  'RuntimeError: Current RPC agent is not set! Did you initialize the RPC framework (e.g. by calling ' +
  '`rpc.init_rpc`)?';
const rendezvous = 'ValueError: Error initializing torch.distributed using ';
const joined: ClusterSetting = { start: 'joined' };

function init(options: InitOptions): Program<void> {
  return rpc.initRpc('worker0', { rank: 0, worldSize: 1, ...options });
}

function* twice(first: Program<void>, second: Program<void>): Program<void> {
  yield* first;
  yield* second;
}

function at(initMethod: string, rank = -1): Program<void> {
  return init({ rank, rpcBackendOptions: rpc.tensorPipeRpcBackendOptions({ initMethod }) });
}

const rows: readonly Row[] = [
  { text: uninitialized, go: () => rpc.sync('worker1', seven, []) },
  { text: uninitialized, go: () => rpc.remote('worker1', seven, []) },
  { text: uninitialized, go: () => rpc.getWorkerInfo() },
  { text: uninitialized, go: () => rpc.allGather(1) },
  { text: uninitialized, go: () => rpc.shutdown() },
  {
    text: uninitialized,
    go: () => twice(rpc.shutdown({ graceful: false }), rpc.shutdown()),
    setting: joined,
  },
  { text: noAgent, go: () => rpc.rref(1) },
  { text: noAgent, go: () => rpc.getRpcTimeout() },
  {
    text: noAgent,
    go: function* useAfterEnd() {
      const rref = yield* rpc.remote('worker1', seven, []);
      yield* rpc.shutdown({ graceful: false });
      yield* rref.toHere();
    },
    setting: joined,
  },
  {
    text: 'RuntimeError: Need to initialize distributed autograd using torch.distributed.autograd.init()',
    go: () => distAutograd.context(() => rpc.sleep(1)),
  },
  {
    text:
      'RuntimeError: Default process group has not been initialized, please make sure to call ' +
      'init_process_group.',
    go: () => processGroup.barrier(),
  },
  { text: 'RuntimeError: RPC is already initialized', go: () => twice(init({}), init({})) },
  {
    text: 'RuntimeError: Address already in use',
    go: () => twice(at('tcp://localhost:1', 0), at('tcp://localhost:1', 0)),
  },
  {
    text:
      'RuntimeError: Container is already initialized with worker_id: 0, cannot initialize with different ' +
      'worker_id: 1',
    go: () => twice(twice(init({}), rpc.shutdown()), init({ rank: 1 })),
  },
  {
    text: 'RuntimeError: worker_id needs to be in the range [0, 65535]',
    go: () => init({ rank: 65_536 }),
  },
  {
    text: 'RuntimeError: RPC worker id 32768 out of bound of int16_t.',
    go: () => init({ rank: 32_768, worldSize: 0 }),
  },
  {
    text:
      'RuntimeError: Worker name must match ^[A-Za-z0-9-_:]*$, and must be non-empty and shorter than 128 ' +
      'chars, but got a b',
    go: () => rpc.initRpc('a b', { rank: 0, worldSize: 1 }),
  },
  { text: `${rendezvous}file:// rendezvous: path missing`, go: () => at('file://', 0) },
  { text: `${rendezvous}file:// rendezvous: rank parameter missing`, go: () => at('file:///a') },
  { text: `${rendezvous}tcp:// rendezvous: rank parameter missing`, go: () => at('tcp://a:1') },
  { text: `${rendezvous}tcp:// rendezvous: port number missing`, go: () => at('tcp://a', 0) },
  {
    text: `${rendezvous}env:// rendezvous: environment variable RANK expected, but not set`,
    go: () => at('env://'),
  },
  {
    text: `${rendezvous}env:// rendezvous: environment variable MASTER_PORT expected, but not set`,
    go: () => at('env://', 0),
    setting: { env: { MASTER_ADDR: 'localhost' } },
  },
  { text: 'RuntimeError: No rendezvous handler for nope://', go: () => at('nope://a', 0) },
  {
    text: 'TypeError: Could not infer backend for options <Foo object>',
    go: () => init({ rpcBackendOptions: rpc.rpcBackendOptions({}, 'Foo') }),
  },
  {
    text: 'TypeError: `rpc_backend_options` must be a `TensorPipeRpcBackendOptions`. <Foo object>',
    go: () =>
      init({
        backend: rpc.BackendType.TENSORPIPE,
        rpcBackendOptions: rpc.rpcBackendOptions({}, 'Foo'),
      }),
  },
  {
    text:
      'RuntimeError: RPC group mixes statically and dynamically initialized members which is not supported. ' +
      'Static group property is initialized as false and is trying to be set as true',
    go: function* second(rank) {
      yield* rpc.sleep(1);
      yield* rpc.initRpc('late', { rank });
    },
    other: (rank) => rpc.initRpc('early', { rank, worldSize: 1 }),
  },
  {
    text: 'RuntimeError: RPC worker name twin is not unique. Workers 1 and 0 share the same name.',
    go: function* second(rank) {
      yield* rpc.sleep(1);
      yield* rpc.initRpc('twin', { rank });
    },
    other: (rank) => rpc.initRpc('twin', { rank }),
  },
  {
    text: 'RuntimeError: stoi',
    go: function* second(rank) {
      yield* rpc.sleep(1);
      yield* rpc.initRpc('plain', { rank });
    },
    other: (rank) => rpc.initRpc('a-b', { rank }),
  },
  { text: 'RuntimeError: Socket Timeout', go: () => init({ worldSize: 2 }) },
  {
    text:
      "RuntimeError: Followers ['worker1'] timed out in _all_gather after 0.50 seconds. The first exception " +
      'is RPCErr:1:RPC ran for more than set timeout (500 ms) and will now be marked with an error',
    go: () => rpc.allGather(1, { timeout: 0.5, workerNames: ['worker0', 'worker1'] }),
    other: () => rpc.allGather(2, { timeout: 0.5, workerNames: ['worker0', 'worker1'] }),
    setting: {
      ...joined,
      network: {
        rules: [
          ({ event, fromNode }) =>
            fromNode === 'worker1' && event.type === 'PYTHON_RET' ? { type: 'drop' } : undefined,
        ],
      },
    },
  },
  {
    text: 'RuntimeError: Leaking RRef GloballyUniqueId(created_on=0, local_id=0) with fork Id GloballyUniqueId(created_on=0, local_id=1)\n',
    go: function* leak() {
      const rref = yield* rpc.rref(1);
      yield* rpc.sync('worker1', keep, [rref]);
      yield* rpc.shutdown({ graceful: false, ignoreLeak: false });
    },
    setting: joined,
  },
  {
    text:
      'RuntimeError: Got the following error when running the callback: RuntimeError: Node 0tried to send() ' +
      'a message of type 258 but RPC is no longer running on this node.\n\nAt:\n',
    go: function* callWhileClosing() {
      const future = yield* rpc.async('worker1', slow, []);
      const after = yield* future.then(callAfter);
      yield* rpc.shutdown({ graceful: false });
      yield* after.wait();
    },
    setting: joined,
  },
];

test.each(rows)('$text', ({ go, other = () => undefined, setting = {}, text }) => {
  function* raise(rank: number): Program<string> {
    try {
      yield* go(rank);
    } catch (error) {
      if (error instanceof Error) return `${error.name}: ${error.message}`;
    }
    return 'nothing was raised';
  }
  const functions = { callAfter, keep, seven, slow };
  const { ends } = runGroup(groupOf([raise, other], functions, setting));
  expect(ends[0]).toBe(text);
});
