/** What is there at one moment and can be acted on: messages under way, timers, nodes; and the choices for each. */
import { unreachable } from '../../../core/errors.ts';
import { entriesOf, getIn, valuesOf } from '../../../core/persistent-map.ts';
import type { Choice } from '../../../kernel/choice.ts';
import type { EventObject } from '../../../kernel/effect.ts';
import { subjectOf } from '../../../kernel/names.ts';
import type { FaultKind } from '../../../kernel/rules.ts';
import type { World } from '../../../kernel/world.ts';
import { choicesAt, endOf, worldAt } from '../../walk/course.ts';
import type { Course } from '../../walk/course.ts';

/** A message under way. */
export interface Parcel {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly event: EventObject;
  readonly can: readonly Act[];
}

/** A timer that is set. */
export interface Clock {
  readonly name: string;
  readonly actor: string;
  readonly event: EventObject;
  /** Virtual microseconds from now. */
  readonly dueIn: number;
  readonly can: readonly Act[];
}

/** A node. */
export interface NodeState {
  readonly name: string;
  readonly state: 'up' | 'down' | 'paused';
  readonly can: readonly Act[];
}

/** A fault or a turn that one can ask for; without a choice it must be allowed first. */
export interface Act {
  readonly type: Choice['type'];
  /** The name of the choice, where the world offers it. */
  readonly choice?: string;
}

/** All of it. */
export interface Moment {
  readonly choices: readonly OfferedChoice[];
  readonly clocks: readonly Clock[];
  readonly nodes: readonly NodeState[];
  readonly parcels: readonly Parcel[];
}

/** A choice, and what is known of it here. */
export interface OfferedChoice {
  readonly choice: Choice;
  /** Whether it comes unless another is taken. */
  readonly isDullest: boolean;
  /** Whether the branch goes on with it. */
  readonly isTaken: boolean;
}

/** What one can act on after step `at`. */
export function momentAt(course: Course, at: number): Moment {
  const world = worldAt(course, at);
  const all = choicesAt(course, at);
  const dullest = course.system.dullest(world)?.name;
  const taken = at < endOf(course) ? course.steps[at + 1]?.choice?.name : undefined;
  const acts = (subject: string, kinds: readonly Choice['type'][]): readonly Act[] =>
    kinds.map((type) => {
      const found = all.find((one) => one.type === type && subjectOf(one.name) === subject);
      return found === undefined ? { type } : { choice: found.name, type };
    });
  return {
    choices: all.map((choice) => ({
      choice,
      isDullest: choice.name === dullest,
      isTaken: choice.name === taken,
    })),
    clocks: [...entriesOf(world.timers)].flatMap(([actor, groups]) =>
      groups
        .flat()
        .flatMap(({ events: [event], name, windows }) =>
          event === undefined
            ? []
            : [{ actor, can: acts(name, ['fire', 'early']), dueIn: windows[0] ?? 0, event, name }],
        ),
    ),
    nodes: nodesOf(course, world, all),
    parcels: valuesOf(world.links).flatMap(({ from, queue, to }) =>
      queue.flatMap(({ content, name }) =>
        content.type === 'event'
          ? [
              {
                can: acts(name, ['deliver', 'drop', 'duplicate']),
                event: content.event,
                from,
                name,
                to,
              },
            ]
          : [],
      ),
    ),
  };
}

/** The faults that must be allowed before an act of this type can be. */
export function kindsFor(type: Choice['type']): readonly FaultKind[] {
  switch (type) {
    case 'crash':
      // What has crashed should be able to come back.
      return ['crash', 'restart'];
    case 'drop':
    case 'duplicate':
    case 'early':
    case 'partition':
    case 'pause':
    case 'restart':
      return [type];
    case 'deliver':
    case 'fire':
    case 'heal':
    case 'input':
    case 'resume':
      return [];
    default:
      return unreachable(type);
  }
}

/** The choice of `type` for the same message, timer or node, by its name. */
export function choiceFor(
  course: Course,
  at: number,
  { subject, type }: { readonly subject: string; readonly type: Choice['type'] },
): Choice | undefined {
  return choicesAt(course, at).find(
    (choice) =>
      choice.type === type &&
      ('node' in choice ? choice.node === subject : subjectOf(choice.name) === subject),
  );
}

const actsOn = { down: ['restart'], paused: ['resume', 'crash'], up: ['pause', 'crash'] } as const;

function nodesOf(
  { system }: Course,
  world: World,
  choices: readonly Choice[],
): readonly NodeState[] {
  const { mechanics } = system;
  return mechanics.nodes
    .filter((node) => !mechanics.isSteadfast(node))
    .map((name) => {
      const state = getIn(world.nodes, name) ?? 'up';
      const can = actsOn[state].map((type): Act => {
        const found = choices.find(
          (choice) => choice.type === type && 'node' in choice && choice.node === name,
        );
        return found === undefined ? { type } : { choice: found.name, type };
      });
      return { can, name, state };
    });
}
