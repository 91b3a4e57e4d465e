/** The actions of one step, as XState left them, read as effects. */
/* oxlint-disable typescript/no-unsafe-type-assertion -- XState's actions are known by their shape */
import type { AnyActor } from 'xstate';

import { canonical } from '../core/canonical.ts';
import type { Leaf } from '../core/canonical.ts';
import { ms } from '../core/duration.ts';
import { SimulationError } from '../core/errors.ts';
import type { Effect, EventObject, Site } from '../kernel/effect.ts';
import { childIn } from './action-order.ts';
import { sourceOf } from './child-names.ts';
import { missing } from './implemented.ts';
import type { LogicRegistry } from './logic-registry.ts';
import { impureAction, isRecordedAction } from './purity.ts';
import { startedType } from './recorder.ts';
import type { RecordedAction, Recording } from './recorder.ts';
import { isRef } from './refs.ts';
import type { Refs } from './refs.ts';
import { scheduleType } from './stand-ins.ts';

/** What reading needs to know of the step. */
export interface ReadRequest {
  readonly logics: LogicRegistry;
  readonly recording: Recording;
  readonly refs: Refs;
  readonly site: Site;
  /** The machine, the actor and its state, for errors. */
  readonly where: () => string;
}

/** What these actions of a step want done. */
export function readEffects(
  request: ReadRequest,
  actions: readonly RecordedAction[],
): readonly Effect[] {
  if (actions.length === 0) return noEffects;
  const effects: Effect[] = [];
  for (const action of actions) {
    const reading = readingOf(request, action);
    if (action.type === 'xstate.sendTo') effects.push(readSend(reading));
    else effects.push(...readEffect(reading));
  }
  return effects;
}

/** What stands in data for the children that a step made. */
export function leafFor({ recording, refs }: Pick<ReadRequest, 'recording' | 'refs'>): ToLeaf {
  return (value) =>
    recording.children.has(value) ? refs.at(`./${(value as AnyActor).id}`) : undefined;
}

type ToLeaf = (value: object) => Leaf | undefined;

const noEffects: readonly Effect[] = Object.freeze([]);

interface Reading extends ReadRequest {
  readonly action: RecordedAction;
}

/** Written out, for a spread of it is what a step would spend most on. */
function readingOf(request: ReadRequest, action: RecordedAction): Reading {
  const { logics, recording, refs, site, where } = request;
  return { action, logics, recording, refs, site, where };
}

/** What an action other than a send wants done. */
function readEffect(reading: Reading): readonly Effect[] {
  const { action, site } = reading;
  switch (action.type) {
    case 'xstate.raise':
      return readRaise(reading);
    case 'xstate.cancel':
      return [{ type: 'cancel', id: String((action.params as { sendId: unknown }).sendId) }];
    case 'xstate.spawnChild':
    case startedType:
      return readStart(reading);
    case 'xstate.stopChild':
      return action.params === undefined ? [] : [readStop(reading)];
    case 'xstate.emit':
      return [{ type: 'emit', event: eventIn(reading) }];
    case 'xstate.log': {
      const { label, value } = action.params as {
        readonly label?: string;
        readonly value: unknown;
      };
      const shown: unknown = canonical(value, `${site.address}.log`, leafFor(reading));
      return [{ type: 'log', value: shown, ...(label === undefined ? {} : { label }) }];
    }
    case scheduleType:
      return [action.params as Effect];
    default:
      // The names of the actions of machines are open.
      return readAct(reading);
  }
}

function readSend(reading: Reading): Effect {
  const { action, where } = reading;
  const { delay, id, to } = action.params as {
    readonly delay?: number;
    readonly id?: string;
    readonly to: unknown;
  };
  const event = eventIn(reading);
  if (action.hasNoTarget) {
    throw new SimulationError(
      'runtime/no-target',
      `${where()} sent "${event.type}" to an undefined target, which XState would send to the sender ` +
        'itself. Check that the reference was stored before it is used; to send to itself an actor says `self`.',
    );
  }
  const target = targetOf(reading, to);
  if (delay === undefined) return { type: 'send', event, to: target };
  return later(event, { delay, id, to: target });
}

function readRaise(reading: Reading): readonly Effect[] {
  const { delay, id } = reading.action.params as { readonly delay?: number; readonly id?: string };
  if (delay === undefined) return [];
  return [later(eventIn(reading), { delay, id, to: '.' })];
}

interface Later {
  readonly delay: number;
  readonly id: string | undefined;
  readonly to: string;
}

function later(event: EventObject, { delay, id, to }: Later): Effect {
  return {
    type: 'schedule',
    events: [event],
    ...(id === undefined ? {} : { id }),
    to,
    windows: [ms(delay)],
  };
}

function readStart(reading: Reading): readonly Effect[] {
  const child = childIn(reading.action);
  if (child === undefined) {
    const { src } = reading.action.params as { readonly src: unknown };
    throw missing('actor', String(src), reading.where());
  }
  const { logics, site } = reading;
  if ((child as unknown as Watching)['_syncSnapshot']) throw watched(reading, child.id);
  const input: unknown = canonical(
    child.options.input,
    `${site.address}/${child.id}.input`,
    leafFor(reading),
  );
  return [
    {
      type: 'start',
      start: {
        id: child.id,
        ...(input === undefined ? {} : { input }),
        logic: logics.nameOf(child.logic, { owner: site.logic, source: sourceOf(child, child.id) }),
        ...(child.systemId === undefined ? {} : { systemId: child.systemId }),
      },
    },
  ];
}

function readStop(reading: Reading): Effect {
  const to = targetOf(reading, reading.action.params);
  if (/^\.\/[^/]+$/.test(to)) return { type: 'stop', to };
  throw new SimulationError(
    'runtime/not-a-child',
    `${reading.where()} stops "${to}", which is not a child of it. Send it a message that ends it.`,
  );
}

function readAct({ action, site, where }: Reading): readonly Effect[] {
  if (action.exec === undefined) throw missing('action', action.type, where());
  if (!isRecordedAction(action.exec)) throw impureAction(where(), action.type);
  const params: unknown = canonical(action.params, `${site.address}.${action.type}.params`);
  return [{ type: 'act', name: action.type, ...(params === undefined ? {} : { params }) }];
}

function eventIn(reading: Reading): EventObject {
  const { event } = reading.action.params as { readonly event: unknown };
  const path = `${reading.site.address}.event`;
  const data = canonical(event, path, leafFor(reading)) as Partial<EventObject> | undefined;
  if (typeof data?.type === 'string') return data as EventObject;
  throw new SimulationError(
    'runtime/bad-event',
    `${reading.where()} sent ${JSON.stringify(data)}. An event is an object with a \`type\`.`,
  );
}

function targetOf(reading: Reading, target: unknown): string {
  if (isRef(target)) return target.address;
  const leaf = typeof target === 'object' && target !== null ? leafFor(reading)(target) : undefined;
  if (isRef(leaf)) return leaf.address;
  throw new SimulationError(
    'runtime/no-target',
    `${reading.where()} sends to something that is no actor reference (${typeof target}). ` +
      'Use the id of a child, a reference, or `system.get(address)`.',
  );
}

interface Watching {
  readonly ['_syncSnapshot']?: boolean;
}

function watched({ where }: Reading, id: string): SimulationError {
  return new SimulationError(
    'runtime/impure-machine',
    `${where()} watches the snapshots of its child "${id}" (onSnapshot or syncSnapshot). ` +
      'What another actor holds is known only by messages: let the child send its parent what matters.',
  );
}
