/**
 * How Ray's owner hears that a borrower has let go of an object: by a message of the borrower, or by the
 * failure of the connection to it when the borrower dies. Both may come.
 *
 * @see https://github.com/ray-project/ray/pull/60495: a borrower drops the object and dies at once; both
 * callbacks were posted and both struck the borrower off the list, where the second found nothing.
 */
import { emit, sendTo, setup } from 'xstate';

import { endsOnce, sometimes, withPatterns } from '../../src/index.ts';
import type { SystemDefinition } from '../../src/index.ts';

/** Mistakes that can be planted, and what each is. */
export const rayRemovalsBugs = {
  'strikes-twice': 'the failure of the connection strikes off whoever has said goodbye already',
} as const;

/** A mistake to plant. */
export type RayRemovalsBug = keyof typeof rayRemovalsBugs;

/** The owner, a borrower, and the connection that the owner listens to. */
export function rayRemovals({ bug }: { readonly bug?: RayRemovalsBug } = {}): SystemDefinition {
  const machine =
    bug === undefined
      ? listenerMachine
      : listenerMachine.provide({ guards: { isDeaf: () => false } });
  const definition: SystemDefinition = {
    name: 'ray-removals',
    actors: [
      { address: 'owner', machine },
      {
        address: 'borrower',
        inputs: [{ event: { type: 'object.dropped' } }, { event: { type: 'process.killed' } }],
        machine: borrowerMachine,
      },
      { address: 'connection', machine: connectionMachine },
    ],
    properties: [
      sometimes(
        'the borrower says goodbye',
        (view) => view.actor('owner')?.value === 'unsubscribed',
      ),
    ],
    time: 'untimed',
  };
  const pattern = endsOnce('a borrower is struck off once', {
    read: (fact) => (fact.type === 'emitted' ? 'borrower' : undefined),
  });
  return withPatterns(definition, [pattern]);
}

/**
 * The owner: it listens for the end of a loan.
 *
 * `subscribed -> unsubscribed`
 */
const listenerMachine = setup({
  types: {
    events: {} as { readonly type: 'removal.published' | 'publisher.failed' },
    emitted: {} as { readonly type: 'borrower.struck' },
  },
  actions: { strike: emit({ type: 'borrower.struck' }) },
  guards: {
    // Whether what comes when the loan is over is not heard.
    isDeaf: () => true,
  },
}).createMachine({
  id: 'ray-listener',
  initial: 'subscribed',
  states: {
    subscribed: {
      on: {
        'removal.published': { target: 'unsubscribed', actions: 'strike' },
        'publisher.failed': { target: 'unsubscribed', actions: 'strike' },
      },
    },
    unsubscribed: {
      on: {
        'removal.published': [{ guard: 'isDeaf' }, { actions: 'strike' }],
        'publisher.failed': [{ guard: 'isDeaf' }, { actions: 'strike' }],
      },
    },
  },
});

/**
 * A process that borrows the object.
 *
 * `holding -> without`, and `dead` at any time
 */
const borrowerMachine = setup({
  types: { events: {} as { readonly type: 'object.dropped' | 'process.killed' } },
  actions: {
    hangUp: sendTo(({ system }) => system.get('connection'), { type: 'process.gone' }),
    publish: sendTo(({ system }) => system.get('owner'), { type: 'removal.published' }),
  },
}).createMachine({
  id: 'ray-leaving-borrower',
  initial: 'holding',
  states: {
    holding: { on: { 'object.dropped': 'without', 'process.killed': 'dead' } },
    without: { entry: 'publish', on: { 'process.killed': 'dead' } },
    dead: { entry: 'hangUp' },
  },
});

/**
 * The long poll between the two.
 *
 * `open -> broken`
 */
const connectionMachine = setup({
  types: { events: {} as { readonly type: 'process.gone' } },
  actions: { fail: sendTo(({ system }) => system.get('owner'), { type: 'publisher.failed' }) },
}).createMachine({
  id: 'ray-connection',
  initial: 'open',
  states: { open: { on: { 'process.gone': 'broken' } }, broken: { entry: 'fail' } },
});
