import type { AnyActor, AnyActorScope, AnyMachineSnapshot, AnyStateMachine } from 'xstate';

/** What XState did and asked in a step. */
export interface Seen {
  readonly actions: { readonly params: unknown; readonly type: string }[];
  readonly children: AnyActor[];
  readonly reads: string[];
  readonly scope: AnyActorScope;
}

/** A scope like the runtime's, which tells everything that XState asks of it. */
export function createScope(): Seen {
  const seen: Omit<Seen, 'scope'> = { actions: [], children: [], reads: [] };
  const self = { _parent: { id: 'parent' }, id: 'me' };
  const system = {
    _bookId: () => 'booked',
    _sendInspectionEvent: (event: { readonly actorRef: AnyActor; readonly type: string }) => {
      if (event.type === '@xstate.actor') seen.children.push(event.actorRef);
    },
    _set: () => undefined,
    get: (name: string) => ({ name }),
  };
  Object.assign(self, { system });
  const scope = {
    actionExecutor: ({ params, type }: Seen['actions'][number]) => {
      seen.actions.push({ params, type });
      seen.reads.push(`did ${type}`);
    },
    defer: () => seen.reads.push('deferred'),
    get self() {
      seen.reads.push('self');
      return self;
    },
    get system() {
      seen.reads.push('system');
      return system;
    },
  };
  return { ...seen, scope: scope as unknown as AnyActorScope };
}

/** What one event does in a fresh scope. */
export function step(
  machine: AnyStateMachine,
  event = { type: 'go' },
): Seen & { after: AnyMachineSnapshot } {
  const before = machine.getInitialSnapshot(createScope().scope as never, undefined);
  const seen = createScope();
  const after = machine.transition(before as never, event, seen.scope as never);
  return { ...seen, after: after as AnyMachineSnapshot };
}
