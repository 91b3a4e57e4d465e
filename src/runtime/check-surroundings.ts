/** What a definition says of an actor's surroundings: the network, faults, and who watches. */
import { invariant } from '../core/errors.ts';
import type { Monitor } from '../kernel/monitor.ts';
import { faultKinds, nodeFaultTypes } from '../kernel/rules.ts';
import type { FaultBudget, PlannedFault } from '../kernel/rules.ts';
import type { NetworkOptions, PartitionOptions } from '../network/network.ts';
import {
  isCount,
  isRecord,
  keys,
  membersOf,
  requireForm,
  requireKeys,
  requireTexts,
  requireWord,
} from './definition-form.ts';

const networkKeys = keys<NetworkOptions>({
  latency: true,
  links: true,
  partitions: true,
  rules: true,
  toDownNode: true,
});

const partitionKeys = keys<PartitionOptions>({ groups: true, messages: true, name: true });

const factTypes: readonly string[] = [
  'received',
  'emitted',
  'stopped',
  'failed',
  'lost',
  'started',
  'sent',
] satisfies readonly Monitor['facts'][number][];

const aDuration = 'a duration such as ms(5)';

/** Checks what is said of the network. */
export function checkNetwork(network: NetworkOptions): void {
  requireForm(isRecord(network), {
    key: 'network',
    value: network,
    wanted: "an object, { links: 'fifo', latency: [ms(1)] }",
  });
  requireKeys('network.', network, networkKeys);
  if (typeof network.links !== 'function')
    requireWord('network.links', network.links, ['fifo', 'unordered', 'persistent']);
  requireWord('network.toDownNode', network.toDownNode, ['lost', 'refused']);
  const { latency = [], partitions = [], rules = [] } = network;
  for (const [key, value] of membersOf(
    'network.latency',
    latency,
    'a list of durations, [ms(1), ms(5)]',
  ))
    requireForm(isCount(value), { key, value, wanted: aDuration });
  for (const [key, value] of membersOf('network.rules', rules, 'a list of rules, (transit) => …'))
    requireForm(typeof value === 'function', {
      key,
      value,
      wanted: 'a rule, (transit) => dropped',
    });
  const wanted = `a list of partitions, [${partitionExample}]`;
  for (const [key, partition] of membersOf('network.partitions', partitions, wanted))
    checkPartition(partition, key);
}

const partitionExample = "{ name: 'split', groups: [['a'], ['b', 'c']] }";

function checkPartition(partition: PartitionOptions, key: string): void {
  requireForm(isRecord(partition), {
    key,
    value: partition,
    wanted: `a partition, ${partitionExample}`,
  });
  requireKeys(`${key}.`, partition, partitionKeys);
  const { groups, messages, name } = partition;
  requireForm(typeof name === 'string', { key: `${key}.name`, value: name, wanted: 'a name' });
  for (const [place, group] of membersOf(`${key}.groups`, groups, 'a list of groups of nodes'))
    requireTexts(place, group, "a list of nodes, ['b', 'c']");
  requireWord(`${key}.messages`, messages, ['hold', 'drop']);
}

/**
 * Checks that faults have names that mean something, and how many of each may come.
 *
 * @throws {SimulationError} `runtime/bad-definition`, `runtime/unknown-fault`.
 */
export function checkFaults(faults: FaultBudget): void {
  requireForm(isRecord(faults), {
    key: 'faults',
    value: faults,
    wanted: 'how many of each kind may come, { drop: 1, crash: 1 }',
  });
  for (const [kind, value] of Object.entries(faults)) {
    invariant(
      faultKinds.some((one) => one === kind),
      'runtime/unknown-fault',
      `There is no fault "${kind}". There are ${faultKinds.join(', ')}.`,
    );
    requireForm(value === undefined || typeof value === 'number', {
      key: `faults.${kind}`,
      value,
      wanted: 'how many may come, a whole number',
    });
  }
}

const planExample = "{ after: ms(5), fault: { type: 'crash', node: 'a' } }";

/** Checks the faults that come for certain. */
export function checkPlan(plan: readonly PlannedFault[]): void {
  for (const [key, planned] of membersOf('plan', plan, `a list of faults, [${planExample}]`)) {
    requireForm(isRecord(planned), { key, value: planned, wanted: `a fault, ${planExample}` });
    requireKeys(`${key}.`, planned, ['after', 'fault']);
    const { after, fault } = planned;
    requireForm(isCount(after), { key: `${key}.after`, value: after, wanted: aDuration });
    const wanted = "a fault, { type: 'crash', node: 'a' }";
    requireForm(isRecord(fault), { key: `${key}.fault`, value: fault, wanted });
    const { type }: { readonly type: unknown } = fault;
    const place = `${key}.fault.type`;
    requireForm(typeof type === 'string', { key: place, value: type, wanted: 'its kind, a text' });
    requireWord(place, type, nodeFaultTypes);
  }
}

/** Checks who is told of what happens. */
export function checkMonitors(monitors: readonly Monitor[]): void {
  const names = new Set<string>();
  for (const [key, monitor] of membersOf(
    'monitors',
    monitors,
    `a list of monitors, ${monitorExample}`,
  )) {
    const isMade = isRecord(monitor);
    const wanted =
      typeof monitor === 'function'
        ? `what it gives when it is called, ${monitorExample}`
        : `a monitor, { name, facts, initial, step }, or ${monitorExample}`;
    requireForm(isMade, { key, value: monitor, wanted });
    checkMonitor(monitor, key);
    invariant(
      !names.has(monitor.name),
      'runtime/bad-definition',
      `Two monitors are called "${monitor.name}". Give each a name of its own.`,
    );
    names.add(monitor.name);
  }
}

const monitorExample = '[operationHistory()]';

function checkMonitor(monitor: Monitor, key: string): void {
  requireKeys(
    `${key}.`,
    monitor,
    keys<Monitor>({ facts: true, initial: true, name: true, step: true }),
  );
  const { facts, initial, name, step } = monitor;
  const isNamed = typeof name === 'string' && name !== '';
  requireForm(isNamed, {
    key: `${key}.name`,
    value: name,
    wanted: 'a name, by which view.monitor(…) knows it',
  });
  const wanted = `the facts that it is told, of ${factTypes.join(', ')}`;
  for (const [place, fact] of membersOf(`${key}.facts`, facts, wanted))
    requireForm(factTypes.includes(fact), { key: place, value: fact, wanted });
  requireForm(initial !== undefined, {
    key: `${key}.initial`,
    value: initial,
    wanted: 'its state before anything happened, plain data',
  });
  requireForm(typeof step === 'function', {
    key: `${key}.step`,
    value: step,
    wanted: 'a pure fold, (state, fact) => the state after it',
  });
}
