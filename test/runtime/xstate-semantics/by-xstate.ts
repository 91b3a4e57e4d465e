/** A scenario as XState itself runs it: one system, its clock moved from due moment to due moment. */
import {
  Actor,
  createActor,
  createMachine,
  SimulatedClock,
  spawnChild,
  StateMachine,
} from 'xstate';
import type { AnyActor, AnyActorLogic, InspectionEvent } from 'xstate';

import { declaredActors, plain } from './scenario.ts';
import type { ActorReport, Report, Scenario } from './scenario.ts';

export function runByXState(scenario: Scenario): Report {
  const witness = createWitness();
  const clock = createSteppedClock();
  const declared = declaredActors(scenario);
  const host = createMachine({
    entry: declared.map(({ address, input, machine }) =>
      spawnChild(machine as never, { id: address, input, systemId: address }),
    ),
    // What the declared actors end with is nobody's business.
    on: { '*': {} },
  });
  createActor(host, {
    clock: clock,
    inspect: witness.inspect,
    logger: () => undefined,
  }).start();
  for (const line of scenario.script ?? []) {
    if (line === 'tick') clock.tick();
    else witness.find(line[0])?.send(line[1]);
  }
  return witness.report(declared.map(({ address }) => address));
}

interface Witness {
  readonly find: (path: string) => AnyActor | undefined;
  readonly inspect: (event: InspectionEvent) => void;
  readonly report: (declared: readonly string[]) => Report;
}

function createWitness(): Witness {
  const actors: AnyActor[] = [];
  const paths = new Map<unknown, string>();
  const did: Record<string, unknown[]> = {};
  const received: string[] = [];
  const tidy = (value: unknown): unknown =>
    plain(value, (member) => (member instanceof Actor ? paths.get(member) : undefined));
  const named = (text: string): string =>
    text.replaceAll(/x:\d+/g, (id) => {
      const known = actors.find(({ sessionId }) => sessionId === id);
      return paths.get(known)?.split('/').at(-1) ?? id;
    });
  const note = (actor: AnyActor): void => {
    const path = pathOf(actor, paths);
    actors.push(actor);
    paths.set(actor, path);
    if (path === '') return;
    watchTransitions(actor, (event) => received.push(named(`${path} ${event}`)));
    // What a plain logic announces is no action.
    if (!(actor.logic instanceof StateMachine))
      actor.on('*', (event: unknown) => (did[path] ??= []).push(tidy({ emit: event })));
  };
  return {
    find: (path) => actors.findLast((actor) => paths.get(actor) === path),
    inspect: (event) => {
      if (event.type === '@xstate.actor') note(event.actorRef as AnyActor);
      if (event.type !== '@xstate.action') return;
      const path = paths.get(event.actorRef) ?? '?';
      const deed = deedOf(event.action);
      if (deed !== undefined) (did[path] ??= []).push(tidy(deed));
    },
    report: (declared) => {
      const left = actors.filter((actor) => {
        const path = paths.get(actor) ?? '';
        return path !== '' && (isRunning(actor) || declared.includes(path));
      });
      return {
        actors: Object.fromEntries(
          left.map((actor) => [paths.get(actor), reportOf(actor, paths, tidy)]),
        ),
        did,
        received,
      };
    },
  };
}

/** A child without an id is counted by its source here as well. */
function pathOf(actor: AnyActor, paths: ReadonlyMap<unknown, string>): string {
  const { _parent: parent } = actor as unknown as { readonly _parent?: AnyActor };
  if (parent === undefined) return '';
  const above = paths.get(parent) ?? '';
  const prefix = above === '' ? '' : `${above}/`;
  if (actor.id !== actor.sessionId) return prefix + actor.id;
  const source: unknown = actor.src;
  const word = source instanceof StateMachine ? source.id : String(source);
  const before = [...paths.values()].filter((path) => path.startsWith(`${prefix}${word}-`));
  return `${prefix}${word}-${before.length}`;
}

function watchTransitions(actor: AnyActor, tell: (event: string) => void): void {
  const logic = actor.logic as AnyActorLogic;
  const transition: AnyActorLogic['transition'] = (snapshot, event, scope) => {
    const { type } = event as { readonly type: string };
    if (type !== 'xstate.stop') tell(type);
    return logic.transition(snapshot, event, scope) as never;
  };
  actor.logic = Object.create(logic as object, { transition: { value: transition } }) as never;
}

function deedOf({ type, params }: { readonly type: string; readonly params: unknown }): unknown {
  if (type === 'xstate.emit') return { emit: (params as { readonly event: unknown }).event };
  if (type === 'xstate.log') {
    const { label, value } = params as { readonly label?: string; readonly value: unknown };
    return { label, log: value };
  }
  return type.startsWith('xstate.') ? undefined : { act: type, params };
}

function isRunning(actor: AnyActor): boolean {
  const { _processingStatus: status } = actor as unknown as { readonly _processingStatus: number };
  return status === 1;
}

function reportOf(
  actor: AnyActor,
  paths: ReadonlyMap<unknown, string>,
  tidy: (value: unknown) => unknown,
): ActorReport {
  const snapshot = actor.getSnapshot() as Readonly<Record<string, unknown>>;
  const children = Object.values(snapshot['children'] ?? {});
  return {
    children: children.map((child) => paths.get(child) ?? '?').toSorted(),
    context: tidy(snapshot['context']),
    error: tidy(snapshot['error']),
    output: tidy(snapshot['output']),
    status: snapshot['status'],
    value: snapshot['value'],
  };
}

interface SteppedClock {
  readonly clearTimeout: (id: number) => void;
  readonly setTimeout: (run: () => void, delay: number) => number;
  /** Goes on to the next due moment; nothing when no timer is set. */
  readonly tick: () => void;
}

function createSteppedClock(): SteppedClock {
  const clock = new SimulatedClock();
  const due = new Map<number, number>();
  return {
    clearTimeout: (id) => {
      due.delete(id);
      clock.clearTimeout(id);
    },
    setTimeout: (run, delay) => {
      const id = clock.setTimeout(() => {
        due.delete(id);
        run();
      }, delay);
      due.set(id, clock.now() + delay);
      return id;
    },
    tick: () => {
      if (due.size > 0) clock.set(Math.max(clock.now(), Math.min(...due.values())));
    },
  };
}
