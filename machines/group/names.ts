import { torchCheck } from '../engine/torch-error.ts';

// PyTorch, `torch/csrc/distributed/rpc/rpc_agent.h`, `WorkerInfo::MAX_NAME_LEN`.
const nameLengthMax = 128;

/**
 * Checks the name of a worker.
 *
 * @throws {TorchError} for one that PyTorch refuses.
 * @see PyTorch, `rpc_agent.h`, `WorkerInfo`.
 */
export function checkWorkerName(name: string): void {
  torchCheck(
    /^[A-Za-z0-9\-_:]+$/.test(name) && name.length < nameLengthMax,
    `Worker name must match ^[A-Za-z0-9-_:]*$, and must be non-empty and shorter than ${nameLengthMax} ` +
      `chars, but got ${name}`,
  );
}

/** A worker of a group: its rank and its name. */
export interface NamedWorker {
  readonly id: number;
  readonly name: string;
}

/**
 * Checks that no two workers share a name; `self` is the first that is looked at.
 *
 * @throws {TorchError} if two do.
 * @see PyTorch, `agent_utils.cpp`, `collectNames`.
 */
export function checkUniqueNames(self: NamedWorker, workers: readonly NamedWorker[]): void {
  const others = workers.filter(({ id }) => id !== self.id);
  const ids = new Map<string, number>([[self.name, self.id]]);
  for (const { id, name } of others) {
    const known = ids.get(name);
    torchCheck(
      known === undefined,
      `RPC worker name ${name} is not unique. Workers ${known} and ${id} share the same name.`,
    );
    ids.set(name, id);
  }
}

/**
 * Checks that nobody in a group has the name of one that joins.
 *
 * @throws {TorchError} if somebody has.
 * @see PyTorch, `agent_utils.cpp`, `collectCurrentNames`.
 */
export function checkNewName(self: NamedWorker, workers: readonly NamedWorker[]): void {
  const namesake = workers.find(({ name }) => name === self.name);
  torchCheck(
    namesake === undefined,
    `RPC worker name ${self.name} is not unique. Workers ${namesake?.id} and ${self.id} share the same name.`,
  );
}

/**
 * Checks that a group is of one kind.
 *
 * @throws {TorchError} if others have said that it is of another.
 * @see PyTorch, `tensorpipe_agent.cpp`, `checkAndSetStaticGroup`.
 */
export function checkGroupKind(mine: string, theirs: string): void {
  torchCheck(
    mine === theirs,
    'RPC group mixes statically and dynamically initialized members which is not supported. Static ' +
      `group property is initialized as ${mine} and is trying to be set as ${theirs}`,
  );
}
