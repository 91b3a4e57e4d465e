import { array, boolean, constant, constantFrom, nat, oneof, option, record } from 'fast-check';
import type { Arbitrary } from 'fast-check';
import {
  and,
  assign,
  cancel,
  createMachine,
  emit,
  enqueueActions,
  log,
  not,
  or,
  raise,
  sendTo,
  stateIn,
} from 'xstate';
import type { AnyStateMachine } from 'xstate';

import { recorded } from '../../../src/index.ts';

/** A state and all below it, as plain data. */
export interface Shape {
  readonly always: readonly Arrow[];
  readonly children: readonly Shape[];
  readonly entry: readonly string[];
  readonly exit: readonly string[];
  readonly isParallel: boolean;
  readonly on: readonly Arrow[];
  readonly onDone: Arrow | undefined;
  /** What it is where it has no children. */
  readonly leaf: 'atomic' | 'deep' | 'final' | 'shallow';
}

/** A transition; its targets are places in the list of all states. */
export interface Arrow {
  readonly actions: readonly string[];
  readonly event: string;
  readonly guard: string | undefined;
  readonly reenter: boolean;
  readonly targets: readonly number[];
}

/** Events that machines may be given. */
export const events = ['e.a', 'e.b', 'e.a.c', 'other', 'xstate.error.actor.kid'] as const;

/** Any tree of states. */
export function anyShape(): Arbitrary<Shape> {
  return shape(3);
}

function shape(depth: number): Arbitrary<Shape> {
  const children = depth === 0 ? constant([]) : array(shape(depth - 1), { maxLength: 3 });
  return record<Shape>({
    always: array(arrow(), { maxLength: 1 }),
    children,
    entry: actionNames(),
    exit: actionNames(),
    isParallel: boolean(),
    leaf: constantFrom('atomic', 'atomic', 'atomic', 'final', 'shallow', 'deep'),
    on: array(arrow(), { maxLength: 3 }),
    onDone: option(arrow(), { nil: undefined, freq: 3 }),
  });
}

function arrow(): Arbitrary<Arrow> {
  return record<Arrow>({
    actions: actionNames(),
    event: constantFrom('e.a', 'e.b', 'e.a.c', 'e.*', 'e.a.*', '*'),
    guard: option(constantFrom(...Object.keys(guards)), { nil: undefined }),
    reenter: boolean(),
    targets: oneof(
      array(nat({ max: 20 }), { maxLength: 1 }),
      array(nat({ max: 20 }), { maxLength: 1 }),
      array(nat({ max: 20 }), { maxLength: 2 }),
    ),
  });
}

function actionNames(): Arbitrary<readonly string[]> {
  return array(constantFrom(...Object.keys(actions)), { maxLength: 2 });
}

/** The machine of a shape; `undefined` where XState refuses it. */
export function machineOf(root: Shape): AnyStateMachine | undefined {
  const ids = new Map<string, boolean>();
  name(root, 's', ids);
  try {
    return createMachine(
      { ...(config({ id: 's', ids, shape: root }) as object), context: { fuel: 6, n: 0 } } as never,
      { actions, guards } as never,
    );
  } catch {
    return undefined;
  }
}

/** The id of each state holds its way from the root; beside it, whether its children are regions. */
function name({ children, isParallel }: Shape, id: string, ids: Map<string, boolean>): void {
  ids.set(id, isParallel);
  for (const [index, child] of children.entries()) name(child, `${id}${index}`, ids);
}

type Ids = ReadonlyMap<string, boolean>;

interface Named {
  readonly id: string;
  readonly ids: Ids;
  readonly shape: Shape;
}

function config({ id, ids, shape: { children, isParallel, leaf, ...own } }: Named): unknown {
  // The first child is no history, for every region needs a state.
  if (children.length === 0 && (leaf === 'deep' || leaf === 'shallow') && /[1-9]$/.test(id)) {
    return { history: leaf, id, type: 'history' };
  }
  const states = children.map((child, index) => {
    const key = `${id}${index}`;
    return [key, config({ id: key, ids, shape: child })] as const;
  });
  const arrows = (all: readonly Arrow[]): Record<string, unknown[]> => {
    const on: Record<string, unknown[]> = {};
    for (const one of all) {
      const made = one.event === '*' ? fuelled(one, ids) : transition(one, ids);
      (on[one.event] ??= []).push(made);
    }
    return on;
  };
  return {
    always: own.always.map((one) => fuelled(one, ids)),
    entry: own.entry.map(withParams),
    exit: own.exit.map(withParams),
    id,
    on: arrows(own.on),
    ...(own.onDone === undefined ? {} : { onDone: fuelled(own.onDone, ids) }),
    ...(states.length === 0
      ? { type: leaf === 'final' && id !== 's' ? 'final' : 'atomic' }
      : {
          states: Object.fromEntries(states),
          ...(isParallel ? { type: 'parallel' } : { initial: states[0]?.[0] }),
        }),
  };
}

function transition({ actions: all, guard, reenter, targets }: Arrow, ids: Ids): unknown {
  return {
    actions: all.map(withParams),
    ...(guard === undefined ? {} : { guard }),
    reenter,
    ...(targets.length === 0 ? {} : { target: together(targets, ids) }),
  };
}

/** The targets, or the first of them where they exclude one another. */
function together(targets: readonly number[], ids: Ids): readonly string[] {
  const [first = 's', second = first] = targets.map((target) => [...ids.keys()][target % ids.size]);
  let common = 0;
  while (common < first.length && first[common] === second[common]) common += 1;
  const isBelow = common < first.length && common < second.length;
  const all = isBelow && ids.get(first.slice(0, common)) === true ? [first, second] : [first];
  return all.map((id) => `#${id}`);
}

function withParams(type: string): unknown {
  return { params: ({ context }: { readonly context: unknown }) => context, type };
}

/** Without fuel no transition without an event from outside is taken, so that every step ends. */
function fuelled(one: Arrow, ids: Ids): unknown {
  const actions = ['burn', ...one.actions.map(withParams)];
  return { ...(transition(one, ids) as object), actions, guard: 'hasFuel' };
}

interface Context {
  readonly fuel: number;
  readonly n: number;
}

const actions: Readonly<Record<string, unknown>> = {
  add: assign({ n: ({ context, event }) => (context as Context).n + event.type.length }),
  burn: assign(({ context }) => ({ fuel: (context as Context).fuel - 1 })),
  cancel: cancel('timer'),
  grow: assign(({ context }) => ({
    [`k${(context as Context).n % 3}`]: [(context as Context).n],
    a: undefined,
  })),
  ifMore: enqueueActions(({ check, enqueue }) => {
    if (check('isEven'))
      enqueue.assign({
        n: ({ context }: { readonly context: unknown }) => (context as Context).n + 1,
      });
    else enqueue({ type: 'named', params: ({ event }: { readonly event: unknown }) => event });
    enqueue.emit({ type: 'checked' });
  }),
  later: raise({ type: 'e.b' }, { delay: 5, id: 'timer' }),
  log: log(({ context }) => context, 'seen'),
  named: recorded(),
  news: emit(({ context }) => ({ type: 'news', n: (context as Context).n })),
  raise: enqueueActions(({ check, enqueue }) => {
    if (!check('hasFuel')) return;
    enqueue('burn');
    enqueue.raise({ type: 'e.b' });
  }),
  send: sendTo(
    ({ system }) => system.get('there'),
    ({ context }) => ({ context, type: 'sent' }),
  ),
  throws: assign(({ context }) => {
    if ((context as Context).n % 7 === 6) throw new Error('six');
    return {};
  }),
};

const guards: Readonly<Record<string, unknown>> = {
  both: and(['isEven', 'isInFirst']),
  either: or(['isEven', not('hasFuel')]),
  hasFuel: ({ context }: { readonly context: Context }) => context.fuel > 0,
  isEven: ({ context }: { readonly context: Context }) => context.n % 2 === 0,
  isInFirst: stateIn('#s0'),
  isOdd: not('isEven'),
};
