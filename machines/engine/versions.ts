import type { PersistentMap } from '../../src/core/persistent-map.ts';
import { getIn } from '../../src/core/persistent-map.ts';
import type { AutogradNode, Edge, OperatorNode, Storage, Tensor } from './graph.ts';
import { originOf, storageBehind } from './history.ts';
import { formatShape } from './tensor.ts';
import { torchCheck } from './torch-error.ts';

/** How often the elements of each storage were changed in place; 0 for one that is not here. */
export type Versions = PersistentMap<number>;

/**
 * What a node saved must be as it was.
 *
 * @throws {TorchError} if a saved tensor was changed in place since.
 * @see PyTorch, `torch/csrc/autograd/saved_variable.cpp`, `SavedVariable::unpack`.
 */
export function checkVersions(node: AutogradNode, versions: Versions): void {
  if (node.type === 'custom') {
    for (const [index, storage] of node.storages.entries()) {
      const source = node.kept[index];
      // cast -- a value that has a storage is a tensor
      if (storage !== undefined) checkVersion({ source: source as Tensor, storage, versions });
    }
  }
  if (node.type === 'operator') checkSaved(node, versions);
}

function checkSaved(node: OperatorNode, versions: Versions): void {
  for (const saved of node.saved) {
    for (const [name, source] of Object.entries(saved)) {
      if (typeof source !== 'object' || !('type' in source)) continue;
      const edge = originOf(node, name);
      const storage = source.storage ?? storageBehind(edge);
      if (storage !== undefined) checkVersion({ edge, source, storage, versions });
    }
  }
}

interface Check {
  readonly edge?: Edge | undefined;
  readonly source: Tensor;
  readonly storage: Storage;
  readonly versions: Versions;
}

function checkVersion({ edge, source, storage, versions }: Check): void {
  const { id, version: expected } = storage;
  const version = Math.max(getIn(versions, id) ?? 0, expected);
  const origin =
    edge?.type === 'edge' && edge.node.type !== 'accumulate-grad'
      ? `, which is output ${edge.inputNr} of ${edge.node.name},`
      : '';
  torchCheck(
    version === expected,
    'one of the variables needed for gradient computation has been modified by an inplace operation: ' +
      `[torch.${tensorClasses[source.dtype]} ${formatShape(source.shape)}]${origin} is at version ` +
      `${version}; expected version ${expected} instead. Hint: enable anomaly detection to find the ` +
      'operation that failed to compute its gradient, with torch.autograd.set_detect_anomaly(True).',
  );
}

const tensorClasses: Readonly<Record<Tensor['dtype'], string>> = {
  bool: 'BoolTensor',
  float32: 'FloatTensor',
  float64: 'DoubleTensor',
  int64: 'LongTensor',
};
