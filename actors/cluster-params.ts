/**
 * A cluster by parameters that are numbers and texts, so that a scenario of the command line takes them and
 * a trace keeps them.
 */
import type { BackwardMode } from '../machines/autograd/container.ts';
import { backwardModes } from '../machines/autograd/container.ts';
import { profileNames } from '../machines/switches/switches.ts';
import type { Profile, SwitchSettings } from '../machines/switches/switches.ts';
import { ms, SimulationError } from '../src/index.ts';
import type { Duration, FaultBudget, Json } from '../src/index.ts';
import type { ClusterOptions } from './cluster.ts';

/** What of a cluster parameters set: all but its programs. */
export type ClusterSetting = Partial<Omit<ClusterOptions, 'classes' | 'functions' | 'main'>>;

/** The parameters with what they are unless given; a scenario may have others beside them. */
export const clusterParams = Object.freeze({
  /** How many workers there are; 0 leaves it to the program. */
  workers: 0,
  /** Threads of each worker's pool. */
  pool: 16,
  profile: 'pytorch-2.6',
  /** `fast`, `smart` or `smart-discovery`: how backward passes know which messages they need. */
  backward: 'fast',
  /** Departures from the profile: names, with `-` before one that is to be off. */
  switches: '',
  /** The default time-out in seconds; 0 is without end. */
  rpcTimeout: 60,
  /** Milliseconds that a message may take, a choice for each, as `0,5`; empty is what the network has. */
  latency: '',
  /** `timed` or `untimed`. */
  time: 'timed',
  /** How many faults of each kind may come. */
  drop: 0,
  duplicate: 0,
  crash: 0,
  restart: 0,
  pause: 0,
  /** Time-outs and other timers that may come before they are due. */
  early: 0,
  /** Types of messages whose first `failures` sends fail. */
  fail: '',
  failures: 3,
  /** Types of messages that are late, with seconds: `PYTHON_CALL=1.5,SCRIPT_CALL=1.5`. */
  delay: '',
});

/**
 * The setting of a cluster that these parameters say; others are left alone.
 *
 * @throws {SimulationError} `rpc/bad-param`.
 */
export function clusterSetting(params: Readonly<Record<string, Json>>): ClusterSetting {
  const given = { ...clusterParams, ...params };
  const faults = faultsOf(given);
  const latency = listOf(textOf(given, 'latency')).map(latencyOf);
  const workers = countOf(given, 'workers');
  return {
    backend: {
      messagesToDelay: Object.fromEntries(listOf(textOf(given, 'delay')).map(delayOf)),
      messagesToFail: listOf(textOf(given, 'fail')),
      numFailSends: countOf(given, 'failures'),
    },
    backwardMode: modeOf(textOf(given, 'backward')),
    ...(Object.keys(faults).length === 0 ? {} : { faults }),
    ...(latency.length === 0 ? {} : { network: { latency } }),
    poolSize: countOf(given, 'pool'),
    profile: profileOf(textOf(given, 'profile')),
    rpcTimeout: ms(numberOf(given, 'rpcTimeout') * 1_000),
    switches: switchesIn(textOf(given, 'switches')),
    time: timeOf(textOf(given, 'time')),
    ...(workers === 0 ? {} : { workers }),
  };
}

type Given = Readonly<Record<string, Json>>;

function faultsOf(given: Given): FaultBudget {
  const kinds = ['drop', 'duplicate', 'crash', 'restart', 'pause', 'early'] as const;
  return Object.fromEntries(
    kinds.flatMap((kind) => {
      const count = countOf(given, kind);
      return count === 0 ? [] : [[kind, count]];
    }),
  );
}

function profileOf(name: string): Profile {
  const found = profileNames.find((profile) => profile === name);
  if (found !== undefined) return found;
  throw bad('profile', name, `one of ${profileNames.join(', ')}`);
}

function modeOf(name: string): BackwardMode {
  const found = backwardModes.find((mode) => mode === name);
  if (found !== undefined) return found;
  throw bad('backward', name, `one of ${backwardModes.join(', ')}`);
}

function timeOf(name: string): 'timed' | 'untimed' {
  if (name === 'timed' || name === 'untimed') return name;
  throw bad('time', name, 'timed or untimed');
}

function switchesIn(text: string): SwitchSettings {
  return Object.fromEntries(
    listOf(text).map((word) => (word.startsWith('-') ? [word.slice(1), false] : [word, true])),
  );
}

function latencyOf(word: string): Duration {
  const number = Number(word);
  if (!Number.isInteger(number) || number < 0) throw bad('latency', word, 'milliseconds, as 0,5');
  return ms(number);
}

function delayOf(word: string): readonly [string, number] {
  const [, type = '', delay = ''] = /^(\w+)=(\d+(?:\.\d+)?)$/.exec(word) ?? [];
  if (type === '') throw bad('delay', word, 'a type of message and seconds, as PYTHON_CALL=1.5');
  return [type, Number(delay)];
}

function listOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

function textOf(given: Given, key: string): string {
  const value = given[key];
  if (typeof value === 'string') return value;
  throw bad(key, value, 'a text');
}

function numberOf(given: Given, key: string): number {
  const value = given[key];
  if (typeof value === 'number' && value >= 0) return value;
  throw bad(key, value, 'a number from 0');
}

function countOf(given: Given, key: string): number {
  const value = numberOf(given, key);
  if (Number.isInteger(value)) return value;
  throw bad(key, value, 'a whole number');
}

function bad(key: string, value: unknown, wanted: string): SimulationError {
  return new SimulationError(
    'rpc/bad-param',
    `The parameter "${key}" of the cluster is ${JSON.stringify(value)}. Give ${wanted}.`,
  );
}
