import type { PersistentMap } from '../../src/core/persistent-map.ts';
import { getIn } from '../../src/core/persistent-map.ts';
import type { AutogradNode, Edge, OperatorNode, Storage, Tensor } from './graph.ts';
import { originOf, withHistoryOf } from './history.ts';
import { qualifiedName } from './node.ts';
import { formatShape } from './tensor.ts';
import { TorchError } from './torch-error.ts';
import { requireOrigin } from './view-errors.ts';
import { storageBehind, viewOf } from './views.ts';

/** How often the elements of each storage were changed in place; never for one that is not here. */
export type Versions = PersistentMap<Modified>;

/** A storage after its elements were changed. */
export interface Modified {
  /** The node that all of it is a result of since, as texts name it. */
  readonly by?: string;
  readonly version: number;
}

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
  if (node.type === 'copy-slices') checkSaved(node.inner, versions);
}

function checkSaved(node: OperatorNode, versions: Versions): void {
  for (const saved of node.saved) {
    for (const [name, source] of Object.entries(saved)) {
      if (typeof source !== 'object' || !('type' in source)) continue;
      const edge = originOf(node, name);
      const storage = source.storage ?? storageBehind(edge);
      const isResult = edge?.type === 'edge' && edge.node.id === node.id;
      if (storage !== undefined) checkVersion({ edge, isResult, source, storage, versions });
    }
  }
}

interface Check {
  readonly edge?: Edge | undefined;
  readonly isResult?: boolean;
  readonly source: Tensor;
  readonly storage: Storage;
  readonly versions: Versions;
}

function checkVersion(check: Check): void {
  const { source, storage, versions } = check;
  const { id, version: expected } = storage;
  const now = getIn(versions, id);
  if (now === undefined || now.version <= expected) return;
  const origin = originNow(check, now);
  throw new TorchError(
    'RuntimeError',
    'one of the variables needed for gradient computation has been modified by an inplace operation: ' +
      `[torch.${tensorClasses[source.dtype]} ${formatShape(source.shape)}]` +
      `${origin === undefined ? '' : `, which is output ${origin},`} is at version ${now.version}; ` +
      `expected version ${expected} instead. Hint: enable anomaly detection to find the operation that ` +
      'failed to compute its gradient, with torch.autograd.set_detect_anomaly(True).',
  );
}

/** What it is by now a result of: a result was saved with its node, an input is asked again. */
function originNow({ edge, isResult, source }: Check, { by }: Modified): string | undefined {
  const saved = withHistoryOf(source, edge);
  const view = viewOf(saved);
  if (edge?.type !== 'edge') return by && `0 of ${view === undefined ? by : viewNode}`;
  if (isResult === true) return `${edge.inputNr} of ${edge.node.name}`;
  if (view !== undefined) {
    requireOrigin(saved, view, 'indirectly');
    return `${edge.inputNr} of ${viewNode}`;
  }
  if (edge.node.type === 'accumulate-grad') return undefined;
  return `${edge.inputNr} of ${by ?? qualifiedName(edge.node)}`;
}

const viewNode = 'AsStridedBackward0';

const tensorClasses: Readonly<Record<Tensor['dtype'], string>> = {
  bool: 'BoolTensor',
  float32: 'FloatTensor',
  float64: 'DoubleTensor',
  int64: 'LongTensor',
};
