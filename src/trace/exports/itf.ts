/**
 * A run in the Informal Trace Format: the states of all worlds as values of TLA+. What TLA+ has no value for
 * (a fraction, `null`) is marked as the format says.
 *
 * @see Apalache, ADR 015, "Informal Trace Format in JSON".
 */
import { isLeaf, leafText } from '../../core/canonical.ts';
import { viewOfWorld } from '../../explore/view-of-world.ts';
import { describeChoice } from '../../kernel/choice.ts';
import { runSystem } from '../../kernel/run.ts';
import type { Run } from '../../kernel/run.ts';
import type { System } from '../../runtime/system.ts';
import type { View } from '../../runtime/view.ts';

/** What the trace says of the run. */
export interface ItfOptions {
  /** The step from which the run comes again, where it shows a lasso. */
  readonly loopFrom?: number;
}

type Value = boolean | string | readonly Value[] | { readonly [key: string]: Value };

/** The text of the trace: the state after each step, the first being the start. */
export function itf(
  system: System,
  { steps, tape }: Pick<Run, 'steps' | 'tape'>,
  { loopFrom }: ItfOptions = {},
): string {
  const { rules } = system.mechanics;
  const states: object[] = [];
  runSystem(system, {
    stepsMax: steps.length - 1,
    tape,
    onStep: ({ at, choice, index }, world) => {
      states.push({
        '#meta': { index },
        ...stateOf(viewOfWorld(rules, world)),
        clock: valueOf(at),
        step: choice === undefined ? 'start' : describeChoice(choice),
      });
    },
  });
  const head = {
    '#meta': {
      format: 'ITF',
      'format-description': 'https://apalache-mc.org/docs/adr/015adr-trace.html',
      description: `A run of ${system.name}`,
    },
    vars: ['actors', 'clock', 'messages', 'step'],
    ...(loopFrom === undefined ? {} : { loop: loopFrom }),
  };
  // A line for each state, so that two traces can be compared line by line.
  const lines = states.map((state) => JSON.stringify(state)).join(',\n');
  return `${JSON.stringify(head).slice(0, -1)},"states":[\n${lines}\n]}\n`;
}

function stateOf(view: View): Readonly<Record<string, Value>> {
  const actors = view.addresses().flatMap((address): readonly (readonly Value[])[] => {
    const { context, status, value } = view.actor(address) ?? {};
    return [[address, valueOf({ context, status, value })]];
  });
  const messages = view.messages().map(({ event, from, to }) => valueOf({ event, from, to }));
  return { actors: { '#map': actors }, messages };
}

/** Record fields that every reader takes for fields. */
const fieldPattern = /^[a-z_]\w*$/i;

function valueOf(value: unknown): Value {
  switch (typeof value) {
    case 'boolean':
    case 'string':
      return value;
    case 'number':
      return Number.isInteger(value) ? { '#bigint': String(value) } : unserializable(value);
    case 'object':
      break;
    default:
      return unserializable(value);
  }
  if (value === null) return unserializable(value);
  if (isLeaf(value)) return value[leafText];
  if (Array.isArray(value)) return value.map((member) => valueOf(member));
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  const fields = entries.map(([key, member]): [string, Value] => [key, valueOf(member)]);
  // A record of these two alone would be read as a case of a union, and an empty one as nothing.
  const isField = fields.length > 0 && !fields.every(([key]) => key === 'tag' || key === 'value');
  return isField && fields.every(([key]) => fieldPattern.test(key))
    ? Object.fromEntries(fields)
    : { '#map': fields };
}

function unserializable(value: unknown): Value {
  return { '#unserializable': String(value) };
}
