/** The systems that have a name, wherever they run: what reads files is given. */
import { outcomeOf } from '../../../../actors/conformance/outcome.ts';
import type { ConformanceProgram } from '../../../../actors/conformance/program.ts';
import { backwardModes, profileNames } from '../../../../actors/index.ts';
import { pingPong } from '../../../../examples/protocols/ping-pong.ts';
import { tutorials } from '../../../../examples/tutorials/curves.ts';
import {
  sharingAmongUsers,
  sharingByOwner,
  sharingWithOwner,
} from '../../../../examples/tutorials/sharing.ts';
import { shutdownInFlight } from '../../../../examples/tutorials/shutting-down.ts';
import {
  creation,
  fetchAgainstDelete,
  nestedCalls,
  remoteToSelf,
  returnedReference,
  shutdownWithWork,
  unreadReference,
} from '../../../../examples/tutorials/small-programs.ts';
import { tracedCall } from '../../../../examples/tutorials/traced-call.ts';
import { SimulationError } from '../../../core/errors.ts';
import { defineSystem } from '../../../runtime/system.ts';
import type { Json } from '../../../trace/trace.ts';
import { plainSetting, systemOf } from '../conform/judge.ts';
import type { Setting } from '../conform/judge.ts';
import { rpcLabel } from '../rpc-label.ts';
import { wholeNumber, word } from '../scenario.ts';
import type { Params, Scenario } from '../scenario.ts';
import { clusterScenario } from './cluster-scenario.ts';
import { protocolScenarios } from './protocols.ts';
import { raceScenarios } from './races.ts';
import { troubledScenarios } from './troubled.ts';

/** Finds a recorded program by its id, or reads one that is given. */
export type ProgramOf = (given: Json | undefined) => ConformanceProgram;

/** All of them, in the order in which they are listed. */
export function scenariosWith(programOf: ProgramOf): Readonly<Record<string, Scenario>> {
  return {
    'ping-pong': {
      description: 'two actors that send a ball to and fro',
      params: { hits: 3 },
      make: (params) =>
        defineSystem(pingPong({ hits: wholeNumber(params, 'hits', { min: 1, max: 100_000 }) })),
    },
    ...protocolScenarios,
    'sharing-with-owner': clusterScenario(
      'a user passes a remote reference back to its owner',
      sharingWithOwner,
    ),
    'sharing-by-owner': clusterScenario(
      'an owner gives a remote reference to a user',
      sharingByOwner,
    ),
    'sharing-among-users': clusterScenario(
      'a user passes a remote reference to another user',
      sharingAmongUsers,
    ),
    creation: clusterScenario('a user creates a remote reference and lets go of it', creation),
    'remote-to-self': clusterScenario(
      'a worker creates a remote reference on itself and reads it',
      remoteToSelf,
    ),
    'fetch-against-delete': clusterScenario(
      'a user fetches a value, and may have let go of it before that is served',
      fetchAgainstDelete,
    ),
    'nested-calls': clusterScenario('a call that calls on and comes back', nestedCalls),
    'shutdown-with-work': clusterScenario(
      'a group shuts down while a call that creates a value is under way',
      shutdownWithWork,
    ),
    'returned-reference': clusterScenario(
      'a user gets a remote reference as the result of a call',
      returnedReference,
    ),
    'unread-reference': clusterScenario(
      'a user passes a remote reference to another user that does not read it',
      unreadReference,
    ),
    'shutdown-in-flight': clusterScenario(
      'all workers shut down while a value is being created',
      shutdownInFlight,
    ),
    conformance: {
      description: 'a program that PyTorch ran: one of those shipped, by its id',
      label: rpcLabel,
      make: (params) => systemOf(programOf(params['program']), settingOf(params)),
      outcome: (run, { program }) => outcomeOf(programOf(program), run),
      params: { program: 'p11-130', ...plainSetting },
    },
    'traced-call': clusterScenario(
      'one call in an autograd context, and its backward pass',
      tracedCall,
    ),
    ...Object.fromEntries(
      Object.entries(tutorials).map(
        ([name, { definition, description }]) =>
          [name, clusterScenario(description, definition)] as const,
      ),
    ),
    ...troubledScenarios,
    ...raceScenarios,
  };
}

function settingOf(params: Params): Setting {
  const { rpcTimeout } = params;
  if (typeof rpcTimeout !== 'number' || rpcTimeout < 0) {
    throw new SimulationError(
      'cli/bad-param',
      `The parameter "rpcTimeout" is ${JSON.stringify(rpcTimeout)}. Give seconds, 0 or more.`,
    );
  }
  return {
    mode: word(params, 'mode', backwardModes),
    profile: word(params, 'profile', profileNames),
    rpcTimeout,
  };
}
