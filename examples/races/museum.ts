import type { Exhibit } from './exhibit.ts';
import { autogradWing } from './wing-autograd.ts';
import { elsewhereWing } from './wing-elsewhere.ts';
import { rpcWing } from './wing-rpc.ts';

/** All exhibits, in the order in which they are shown. */
export const museum: readonly Exhibit[] = [...rpcWing, ...autogradWing, ...elsewhereWing];
