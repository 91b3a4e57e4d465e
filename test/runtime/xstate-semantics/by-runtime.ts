/** A scenario as this runtime runs it: the dullest choice, and the script's inputs as departures. */
import { toAbsolute } from '../../../src/core/address.ts';
import type { Address } from '../../../src/core/brand.ts';
import { canonical } from '../../../src/core/canonical.ts';
import { digest, isSameDigest } from '../../../src/core/digest.ts';
import { defineSystem, entriesOf, runSystem } from '../../../src/index.ts';
import type {
  Choice,
  Departure,
  EventObject,
  Happening,
  Local,
  System,
  World,
} from '../../../src/index.ts';
import { isRef } from '../../../src/runtime/refs.ts';
import { localAt } from './local-at.ts';
import { declaredActors, plain } from './scenario.ts';
import type { ActorReport, Report, Scenario } from './scenario.ts';

export function systemOf(scenario: Scenario): System {
  return defineSystem({
    name: 'scenario',
    actors: declaredActors(scenario).map(({ address, input, machine }) => ({
      address,
      input,
      inputs: inputsOf(scenario, address).map((event) => ({ event })),
      machine,
      node: 'node',
    })),
  });
}

export interface RunByRuntime extends Report {
  /** The same run, by its tape alone, ends in the same world. */
  readonly isRepeatable: boolean;
  readonly world: World;
}

export function runByRuntime(scenario: Scenario): RunByRuntime {
  const system = systemOf(scenario);
  const first = system.start();
  const clerk = createClerk();
  clerk.file(first.step.happened);
  const tape: Departure[] = [];
  let { world } = first;
  let steps = 0;
  const take = (choice: Choice): void => {
    const dullest = system.dullest(world);
    if (dullest?.name !== choice.name) {
      tape.push({ at: dullest?.name ?? 'end', take: choice.name });
    }
    const applied = system.apply(world, choice);
    ({ world } = applied);
    steps += 1;
    clerk.file(applied.step.happened);
  };
  const settle = (): void => {
    for (let next = system.dullest(world); next?.type === 'deliver'; next = system.dullest(world))
      take(next);
  };
  settle();
  for (const line of scenario.script ?? []) {
    if (line === 'tick') tick(() => system.dullest(world), take);
    else give(line);
    settle();
  }
  function give([actor, event]: readonly [string, EventObject]): void {
    const input = system
      .choices(world)
      .find((choice) => choice.type === 'input' && isFor(choice, actor, event));
    if (input !== undefined) take(input);
    // XState gives an active actor also what it cannot take; nothing comes of it.
    else if (localAt(world, actor)?.status === 'active') clerk.receive(actor, event);
  }
  const again = runSystem(system, { stepsMax: steps, tape });
  return {
    ...clerk.report(world),
    isRepeatable: again.hash === system.hash(world),
    world,
  };
}

function inputsOf({ script = [] }: Scenario, address: string): readonly EventObject[] {
  const events = script.flatMap((line) =>
    line !== 'tick' && line[0] === address ? [line[1]] : [],
  );
  return events.filter(
    (event, index) =>
      events.findIndex((other) => JSON.stringify(other) === JSON.stringify(event)) === index,
  );
}

/** All that is due at the next moment, and what comes of each before the next. */
function tick(dullest: () => Choice | undefined, take: (choice: Choice) => void): void {
  const first = dullest();
  if (first === undefined) return;
  take(first);
  for (let next = dullest(); next !== undefined && isNow(next); next = dullest()) take(next);
}

function isNow(choice: Choice): boolean {
  return (choice.type === 'deliver' || choice.type === 'fire') && choice.after === 0;
}

function isFor(choice: Choice & { readonly type: 'input' }, actor: string, event: EventObject) {
  return choice.actor === actor && isSameDigest(digest(choice.event), digest(canonical(event)));
}

interface Clerk {
  readonly file: (happened: readonly Happening[]) => void;
  readonly receive: (actor: string, event: EventObject) => void;
  readonly report: (world: World) => Report;
}

function createClerk(): Clerk {
  const did: Record<string, unknown[]> = {};
  const received: string[] = [];
  const receive = (actor: string, { type }: EventObject): void => {
    received.push(`${actor} ${type}`);
  };
  return {
    file: (happened) => {
      for (const one of happened) {
        if (one.type === 'received') receive(one.actor, one.event);
        const deed = deedOf(one);
        if (deed !== undefined && 'actor' in one)
          (did[one.actor] ??= []).push(tidy(deed, one.actor));
      }
    },
    receive,
    report: (world) => ({
      actors: Object.fromEntries(
        [...entriesOf(world.actors)].map(([path, { local }]) => [path, reportOf(path, local)]),
      ),
      did,
      received,
    }),
  };
}

function deedOf(happening: Happening): unknown {
  switch (happening.type) {
    case 'emitted':
      return { emit: happening.event };
    case 'acted':
      return { act: happening.name, params: happening.params };
    case 'logged':
      return { label: happening.label, log: happening.value };
    default:
      return undefined;
  }
}

function reportOf(path: string, local: Local): ActorReport {
  const children = Object.values(local['children'] ?? {});
  return {
    children: children.map((child) => String(tidy(child, path)).slice(1, -1)).toSorted(),
    context: tidy(local['context'], path),
    error: tidy(local['error'], path),
    output: tidy(local['output'], path),
    status: local.status,
    value: local['value'],
  };
}

/** References as absolute addresses. */
function tidy(value: unknown, viewer: string): unknown {
  return plain(value, (member) =>
    isRef(member) ? toAbsolute(member.address, viewer as Address) : undefined,
  );
}
