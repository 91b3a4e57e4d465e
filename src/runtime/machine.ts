/**
 * XState → one pure step. What XState leaves impure is removed here: a step runs in a recording scope,
 * its snapshot becomes a local state, its actions become effects, live actors become references.
 *
 * @see XState 5.33, `StateMachine.ts`; `createActor.ts`, `_process` and `start`, which this replaces.
 */
import type { AnyActorLogic, AnyMachineSnapshot, AnyStateMachine } from 'xstate';

import { canonical } from '../core/canonical.ts';
import { SimulationError } from '../core/errors.ts';
import { createMemo } from '../core/memo.ts';
import { isSame } from '../core/same.ts';
import { canonicalAfter } from '../core/successor.ts';
import type { EventObject, Local, Outcome, Site, Stepper } from '../kernel/effect.ts';
import { beforeThrow, inFirstOrder, inOrder } from './action-order.ts';
import type { Witness } from './coverage.ts';
import { missingIn } from './implemented.ts';
import { createLane } from './lane/lane.ts';
import type { Ending, Lane } from './lane/lane.ts';
import { createLocalStates, localAfter, pickFromContext, spawnedBy } from './local-state.ts';
import type { LocalDetails, LocalStates } from './local-state.ts';
import { createLogicRegistry } from './logic-registry.ts';
import type { LogicRegistry } from './logic-registry.ts';
import { leafFor, readEffects } from './read-effects.ts';
import type { ReadRequest } from './read-effects.ts';
import { createRecorder } from './recorder.ts';
import type { Recorder } from './recorder.ts';
import { impureUse } from './refs.ts';
import { restarted } from './restart.ts';
import { isMachine } from './sources.ts';
import { withStrictDelays } from './strict-delays.ts';

/** A stepper for XState machines, and the registry that names their logic. */
export interface MachineStepper {
  readonly logics: LogicRegistry;
  /** The same steps as XState itself computes them, without the lane. */
  readonly reference: Stepper;
  readonly stepper: Stepper;
}

/** A stepper of one system; a witness is told what its machines do. */
export function createMachineStepper(witness?: Witness): MachineStepper {
  const recorder = createRecorder(witness);
  const { refs } = recorder;
  const laneOf = createLanes();
  const bench: Bench = {
    laneOf,
    locals: createLocalStates({
      configurationsOf: (machine) => laneOf(machine).configurations,
      refs,
    }),
    logics: createLogicRegistry(),
    recorder,
    witness,
  };
  const reference: Stepper = {
    can: (site, local, event) => can(bench, site, { event, local }),
    durable: pickFromContext,
    ended: (id, local) =>
      local.status === 'done'
        ? canonical({ actorId: id, output: local['output'], type: `xstate.done.actor.${id}` })
        : canonical({ actorId: id, error: local['error'], type: `xstate.error.actor.${id}` }),
    inward: refs.inward,
    outward: refs.outward,
    refused: (to, event) => canonical({ event, to: refs.at(to), type: 'orrery.refused' }),
    start: (site, input, durable) => start(bench, site, { durable, input }),
    step: (site, local, event) => step(bench, site, { event, local }),
  };
  // A witness is told by XState, so what is watched does without the lane.
  if (witness !== undefined) return { logics: bench.logics, reference, stepper: reference };
  const stepper: Stepper = {
    ...reference,
    step: (site, local, event) =>
      stepInLane(bench, site, { event, local }) ?? step(bench, site, { event, local }),
  };
  return { logics: bench.logics, reference, stepper };
}

function createLanes(): Bench['laneOf'] {
  const known = createMemo<AnyStateMachine, Lane>();
  return (machine) => {
    const seen = known.get(machine);
    if (seen !== undefined) return seen;
    const made = createLane(machine);
    known.set(machine, made);
    return made;
  };
}

interface Bench {
  readonly laneOf: (machine: AnyStateMachine) => Lane;
  readonly locals: LocalStates;
  readonly logics: LogicRegistry;
  readonly recorder: Recorder;
  readonly witness: Witness | undefined;
}

interface Beginning {
  readonly durable: unknown;
  readonly input: unknown;
}

interface Taken {
  readonly event: EventObject;
  readonly local: Local;
}

function start(bench: Bench, site: Site, { durable, input }: Beginning): Outcome {
  const { locals, logics, recorder } = bench;
  const declared = logics.get(site.logic);
  const logic = durable === undefined ? declared : restarted(declared, durable);
  const given = recorder.refs.inward(input, site.address);
  const where = (): string => `Machine "${site.logic}" (actor "${site.address}", starting)`;
  const ran = attempt(recorder, where, (): unknown =>
    recorder.record({ address: site.address, spawned: {} }, (scope): unknown =>
      withStrictDelays(logic, (): unknown => logic.getInitialSnapshot(scope, given)),
    ),
  );
  bench.witness?.saw({ snapshot: ran.result });
  const request = requestOf(bench, site, where);
  const failure = ran.failure ?? failureIn(ran.result);
  const local =
    ran.result === undefined
      ? canonical<Local>({ status: 'error' })
      : locals.localOf(ran.result, detailsOf(request));
  // XState never starts an actor whose first step threw: nothing of that step is done.
  if (failure !== undefined) return failed(request, local, failure.error);
  const effects = readEffects(request, inFirstOrder(request.recording));
  return outcomeOf(request, { effects, local });
}

/** The step as the lane takes it; `undefined` where it leaves it to XState. */
function stepInLane(bench: Bench, site: Site, { event, local }: Taken): Outcome | undefined {
  const { laneOf, logics, recorder } = bench;
  const logic = logics.get(site.logic);
  if (!isMachine(logic)) return undefined;
  const { take } = laneOf(logic);
  const place = { address: site.address, spawned: spawnedBy(local) };
  let ending: Ending | undefined;
  try {
    ending = recorder.record(place, (scope) =>
      withStrictDelays(logic, () => take({ event, local, scope })),
    );
  } catch {
    // XState throws it again, and its own errors tell more.
  }
  const isMisused = recorder.refs.takeMisuse() !== undefined;
  if (ending === undefined || isMisused) return undefined;
  const request = requestOf(bench, site, () => whereIs(site, local));
  const effects = readEffects(request, request.recording.actions);
  const { value } = ending;
  const context = canonicalAfter(local['context'], ending.context, {
    mayHoldSymbols: ending.mayHoldSymbols,
    path: `${site.address}.context`,
    toLeaf: leafFor(request),
  });
  return outcomeOf(request, { effects, local: localAfter(local, { context, value }) });
}

function step(bench: Bench, site: Site, { event, local }: Taken): Outcome {
  const { locals, logics, recorder } = bench;
  const logic = logics.get(site.logic);
  const before = locals.snapshotOf(logic, local);
  const where = (): string => whereIs(site, local);
  const place = { address: site.address, spawned: spawnedBy(local) };
  const ran = attempt(recorder, where, (): unknown =>
    recorder.record(place, (scope): unknown =>
      withStrictDelays(logic, (): unknown => logic.transition(before, event, scope)),
    ),
  );
  const request = requestOf(bench, site, where);
  if (ran.failure !== undefined) {
    const effects = readEffects(request, beforeThrow(request.recording));
    return { ...failed(request, local, ran.failure.error), effects };
  }
  const effects = readEffects(request, inOrder(request.recording));
  if (ran.result === before) return outcomeOf(request, { effects, local });
  const after = locals.localOf(ran.result, detailsOf(request));
  return outcomeOf(request, { effects, local: isSame(local, after) ? local : after });
}

function failed(request: ReadRequest, local: Local, thrown: unknown): Outcome {
  const error: unknown = canonical(thrown, `${request.site.address}.error`);
  const ended: Local = canonical({ ...local, error, status: 'error' });
  return outcomeOf(request, { effects: [], local: ended, threw: error });
}

function detailsOf(request: ReadRequest): LocalDetails {
  const { recording, site } = request;
  return {
    address: site.address,
    spawned: recording.spawned,
    toLeaf: leafFor(request),
  };
}

/** What throws when it is asked would throw when it gets the event, and so move: to its error. */
function can({ locals, logics, recorder }: Bench, site: Site, { event, local }: Taken): boolean {
  const logic: AnyActorLogic = logics.get(site.logic);
  if (!isMachine(logic)) return local.status === 'active';
  const snapshot = locals.snapshotOf(logic, local) as AnyMachineSnapshot;
  const asked = attempt(
    recorder,
    () => whereIs(site, local),
    () => snapshot.can(event),
  );
  return asked.failure !== undefined || asked.result === true;
}

interface Attempt {
  readonly failure?: { readonly error: unknown };
  readonly result?: unknown;
}

/** What a machine throws is its own failure; what it may not do is a mistake and is thrown. */
function attempt(recorder: Recorder, where: () => string, run: () => unknown): Attempt {
  let ran: Attempt;
  try {
    ran = { result: run() };
  } catch (error) {
    ran = { failure: { error } };
  }
  const misuse = recorder.refs.takeMisuse();
  if (misuse !== undefined) throw impureUse(misuse, where());
  const thrown = (ran.failure ?? failureIn(ran.result))?.error;
  const forgotten = missingIn(thrown, where);
  if (forgotten !== undefined) throw forgotten;
  if (!(thrown instanceof SimulationError)) return ran;
  const message = thrown.message.replace(/^(?:A machine(?= used))?/, (found) =>
    found === '' ? `${where()}: ` : where(),
  );
  throw new SimulationError(thrown.code, message, { cause: thrown });
}

/** In a first step XState itself catches what a machine throws. */
function failureIn(snapshot: unknown): { readonly error: unknown } | undefined {
  const { error, status } = (snapshot ?? {}) as {
    readonly error?: unknown;
    readonly status?: string;
  };
  return status === 'error' ? { error } : undefined;
}

function requestOf(bench: Bench, site: Site, where: () => string): ReadRequest {
  const { logics, recorder } = bench;
  return { logics, recording: recorder.last(), refs: recorder.refs, site, where };
}

function outcomeOf({ recording }: ReadRequest, outcome: Outcome): Outcome {
  return recording.readsId ? { ...outcome, readsId: true } : outcome;
}

function whereIs(site: Site, local: Local): string {
  const state = 'value' in local ? `, state ${JSON.stringify(local['value'])}` : '';
  return `Machine "${site.logic}" (actor "${site.address}"${state})`;
}
