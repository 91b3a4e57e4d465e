import { checkWorkerName } from '../../machines/group/names.ts';
import type { WorkerInfo } from '../../machines/rpc/user/user-request.ts';
import { raising } from '../errors.ts';

/**
 * A worker by its name and id, as `WorkerInfo(name, id)`.
 *
 * @throws `RuntimeError` for a name that no worker may have.
 */
export function workerInfo(name: string, id: number): WorkerInfo {
  raising(() => {
    checkWorkerName(name);
  });
  return { id, name };
}
