import { exhibit as deleteOvertakesCreate } from './delete-overtakes-create.ts';
import type { Exhibit } from './exhibit.ts';
import { exhibit as fetchParksAfterDelete } from './fetch-parks-after-delete.ts';
import { exhibit as selfRemoteTimeout } from './self-remote-timeout.ts';

/** References, shutdown, start-up, the agent and groups of PyTorch's RPC. */
export const rpcWing: readonly Exhibit[] = [
  deleteOvertakesCreate,
  fetchParksAfterDelete,
  selfRemoteTimeout,
];
