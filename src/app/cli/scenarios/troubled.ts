/** Clusters whose programs meet trouble: what cannot be read, what comes late, what ends too early. */
import { fetchInSweep } from '../../../../examples/tutorials/fetch-in-sweep.ts';
import {
  backAndForth,
  givenUp,
  laterResult,
  leftBehind,
  twoGradients,
  waitedForLater,
} from '../../../../examples/tutorials/late-gradients.ts';
import {
  missing,
  unreadable,
  unreadableCreation,
  unwritable,
} from '../../../../examples/tutorials/unreadable-messages.ts';
import type { Scenario } from '../scenario.ts';
import { clusterScenario } from './cluster-scenario.ts';

/** By name, in the order in which they are listed. */
export const troubledScenarios: Readonly<Record<string, Scenario>> = {
  'fetch-in-sweep': clusterScenario(
    'a user fetches a value while all its references are deleted, as at shutdown',
    fetchInSweep,
  ),
  'unwritable-call': clusterScenario(
    'an owner passes its reference along with what cannot be pickled',
    unwritable,
  ),
  'unreadable-call': clusterScenario(
    'an owner passes its reference along with what cannot be unpickled',
    unreadable,
  ),
  'missing-function': clusterScenario(
    'an owner passes its reference to a function that its peer lacks',
    missing,
  ),
  'unreadable-creation': clusterScenario(
    'a user fetches a value whose creation cannot be unpickled',
    unreadableCreation,
  ),
  'left-behind': clusterScenario(
    'an autograd context ends although nobody has waited for its call',
    leftBehind,
  ),
  'waited-for-later': clusterScenario(
    'a call in an autograd context is waited for after the end of that',
    waitedForLater,
  ),
  'given-up-call': clusterScenario(
    'a call in an autograd context, which ends if that fails',
    givenUp,
  ),
  'two-gradients': clusterScenario(
    'a backward pass that sends its peer two messages',
    twoGradients,
  ),
  'back-and-forth': clusterScenario(
    'a call that calls back, and backward through both',
    backAndForth,
  ),
  'later-result': clusterScenario(
    'a function whose result comes later, and backward through it',
    laterResult,
  ),
};
