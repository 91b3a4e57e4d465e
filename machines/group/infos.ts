import { torchCheck } from '../engine/torch-error.ts';
import type { NamedWorker } from './names.ts';

/** The workers of a group as one text at the store. @see PyTorch, `agent_utils.cpp`, `collectCurrentNames`. */
export function printInfos(workers: readonly NamedWorker[]): string {
  return workers.map(({ id, name }) => `${name}-${id},`).join('');
}

/**
 * The workers of a group, of that text. A name with `-` in it cannot be told from its id: PyTorch cuts at the first.
 *
 * @throws {TorchError} where what should be an id is none.
 */
export function parseInfos(text: string): readonly NamedWorker[] {
  return text
    .split(',')
    .filter((info) => info !== '')
    .map((info) => {
      const [name = '', id = ''] = info.split('-');
      torchCheck(/^\d/.test(id), 'stoi');
      return { id: Number.parseInt(id, 10), name };
    });
}
