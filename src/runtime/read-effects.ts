/** The actions of one step, as XState left them, read as effects. */
import type { AnyActor } from 'xstate';

import { lastName } from '../core/address.ts';
import { canonical, type Leaf } from '../core/canonical.ts';
import { ms } from '../core/duration.ts';
import { SimulationError } from '../core/errors.ts';
import type { Effect, EventObject, Site } from '../kernel/effect.ts';
import type { LogicRegistry } from './logic-registry.ts';
import { impureAction, isRecordedAction } from './purity.ts';
import { startedType, type RecordedAction, type Recorder, type Recording } from './recorder.ts';
import { isRef, type Refs } from './refs.ts';
import { scheduleType } from './stand-ins.ts';

/** What reading needs of the stepper. */
export interface EffectReader {
  readonly logics: LogicRegistry;
  readonly recorder: Recorder;
  readonly refs: Refs;
}

/** A step's recording, and the names of the children that it made. */
export interface ReadRequest {
  readonly names: { readonly get: (child: object) => string | undefined };
  readonly recording: Recording;
}

/** The effects in the order in which XState would have carried them out. */
export function readEffects(
  reader: EffectReader,
  site: Site,
  request: ReadRequest,
): readonly Effect[] {
  if (request.recording.actions.length === 0) return noEffects;
  const stopped = stoppedBeforeStart(request);
  return request.recording.actions.flatMap((action) => {
    const child = actorIn(action);
    if (child !== undefined && stopped.has(child)) return [];
    return readEffect({ ...request, action, reader, site });
  });
}

const noEffects: readonly Effect[] = Object.freeze([]);

interface Reading extends ReadRequest {
  readonly action: RecordedAction;
  readonly reader: EffectReader;
  readonly site: Site;
}

function readEffect(reading: Reading): readonly Effect[] {
  const { action, site } = reading;
  switch (action.type) {
    case 'xstate.sendTo':
      return [readSend(reading)];
    case 'xstate.raise':
      return readRaise(reading);
    case 'xstate.cancel':
      return [{ type: 'cancel', id: String((action.params as { sendId: unknown }).sendId) }];
    case 'xstate.spawnChild':
    case startedType:
      return readStart(reading);
    case 'xstate.stopChild':
      return action.params === undefined
        ? []
        : [{ type: 'stop', to: targetOf(reading, action.params) }];
    case 'xstate.emit':
      return [{ type: 'emit', event: eventIn(reading, action.params) }];
    case 'xstate.log': {
      const { label, value } = action.params as {
        readonly label?: string;
        readonly value: unknown;
      };
      const shown: unknown = canonical(value, `${site.address}.log`, leafOf(reading));
      return [{ type: 'log', value: shown, ...(label === undefined ? {} : { label }) }];
    }
    case scheduleType:
      return [action.params as Effect];
    default:
      return readAct(reading);
  }
}

function readSend(reading: Reading): Effect {
  const { action, reader, site } = reading;
  const params = action.params as {
    readonly delay?: number;
    readonly id?: string;
    readonly targetId?: string;
    readonly to: unknown;
  };
  const event = eventIn(reading, action.params);
  // XState would send to the sender itself where the target is `undefined`.
  if (
    reader.recorder.isSelf(params.to) &&
    params.to !== action.info?.self &&
    params.targetId === undefined
  ) {
    throw new SimulationError(
      'runtime/no-target',
      `"${site.address}" sent "${event.type}" to an undefined target. ` +
        'Check that the reference was stored before it is used; to send to itself an actor says `self`.',
    );
  }
  const to = targetOf(reading, params.to);
  if (params.delay === undefined) return { type: 'send', event, to };
  return {
    type: 'schedule',
    events: [event],
    ...(params.id === undefined ? {} : { id: params.id }),
    to,
    windows: [ms(params.delay)],
  };
}

function readRaise(reading: Reading): readonly Effect[] {
  const { delay, id } = reading.action.params as { readonly delay?: number; readonly id?: string };
  if (delay === undefined) return [];
  const event = eventIn(reading, reading.action.params);
  return [
    {
      type: 'schedule',
      events: [event],
      ...(id === undefined ? {} : { id }),
      to: '.',
      windows: [ms(delay)],
    },
  ];
}

function readStart(reading: Reading): readonly Effect[] {
  const child = actorIn(reading.action);
  const id = child && reading.names.get(child);
  if (child === undefined || id === undefined) return [];
  const { logics } = reading.reader;
  const source = typeof child.src === 'string' ? child.src : lastName(id);
  if ((child as unknown as { readonly _syncSnapshot?: boolean })._syncSnapshot === true)
    throw watched(reading.site, id);
  const input: unknown = canonical(
    child.options.input,
    `${reading.site.address}/${id}.input`,
    leafOf(reading),
  );
  return [
    {
      type: 'start',
      start: {
        id,
        ...(input === undefined ? {} : { input }),
        logic: logics.nameOf(child.logic, `${reading.site.logic}>${source}`),
        ...(child.systemId === undefined ? {} : { systemId: child.systemId }),
      },
    },
  ];
}

function readAct({ action, site }: Reading): readonly Effect[] {
  if (action.exec !== undefined && !isRecordedAction(action.exec))
    throw impureAction(site.address, action.type);
  const params: unknown = canonical(action.params, `${site.address}.${action.type}.params`);
  return [{ type: 'act', name: action.type, ...(params === undefined ? {} : { params }) }];
}

function eventIn(reading: Reading, params: unknown): EventObject {
  const { event } = params as { readonly event: unknown };
  const path = `${reading.site.address}.event`;
  const data = canonical(event, path, leafOf(reading)) as Partial<EventObject> | undefined;
  if (typeof data?.type === 'string') return data as EventObject;
  throw new SimulationError(
    'runtime/bad-event',
    `"${reading.site.address}" sent ${JSON.stringify(data)}. An event is an object with a \`type\`.`,
  );
}

function targetOf({ names, reader, site }: Reading, target: unknown): string {
  if (reader.recorder.isSelf(target)) return '.';
  if (isRef(target)) return target.address;
  const name = typeof target === 'object' && target !== null ? names.get(target) : undefined;
  if (name !== undefined) return `./${name}`;
  throw new SimulationError(
    'runtime/no-target',
    `"${site.address}" sends to something that is no actor reference (${typeof target}). ` +
      'Use the id of a child, a reference, or `system.get(address)`.',
  );
}

function leafOf({ names, reader }: Reading): (value: object) => Leaf | undefined {
  return (value) => {
    if (reader.recorder.isSelf(value)) return reader.refs.at('.');
    const name = names.get(value);
    return name === undefined ? undefined : reader.refs.at(`./${name}`);
  };
}

/** A child that is stopped in the step that made it never starts. */
function stoppedBeforeStart({ names, recording }: ReadRequest): ReadonlySet<object> {
  const stops = recording.actions.filter(({ type }) => type === 'xstate.stopChild');
  return new Set(
    stops.flatMap(({ params }) =>
      typeof params === 'object' && params !== null && names.get(params) !== undefined
        ? [params]
        : [],
    ),
  );
}

function actorIn({ params, type }: RecordedAction): AnyActor | undefined {
  if (type === 'xstate.stopChild') return params as AnyActor | undefined;
  if (type !== 'xstate.spawnChild' && type !== startedType) return undefined;
  return (params as { readonly actorRef?: AnyActor }).actorRef;
}

function watched(site: Site, id: string): SimulationError {
  return new SimulationError(
    'runtime/impure-machine',
    `"${site.address}" watches the snapshots of its child "${id}" (onSnapshot or syncSnapshot). ` +
      'What another actor holds is known only by messages: let the child send its parent what matters.',
  );
}
