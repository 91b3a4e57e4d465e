/**
 * Where PyTorch's behaviour is a bug that can be switched off, or was one that can be switched on. Each
 * switch is read at one place in one machine; `test/machines/switches.test.ts` holds that.
 */
import { invariant } from '../../src/core/errors.ts';
import { agentSwitches } from './agent.ts';
import { autogradSwitches } from './autograd.ts';
import { groupSwitches } from './group.ts';
import { rrefSwitches } from './rref.ts';
import type { Switch } from './switch.ts';

/** All switches by name. */
export const switchTable = {
  ...agentSwitches,
  ...autogradSwitches,
  ...groupSwitches,
  ...rrefSwitches,
} as const satisfies Readonly<Record<string, Switch>>;

/** The name of a switch. */
export type SwitchName = keyof typeof switchTable;

/** The switches that are on. */
export type Switches = Readonly<Partial<Record<SwitchName, true>>>;

/** Departures from a profile. */
export type SwitchSettings = Readonly<Partial<Record<SwitchName, boolean>>>;

/** A set of switches: as PyTorch 2.6 behaves, with the bugs that it still has, or without any. */
export type Profile = 'hardened' | 'pytorch-2.6';

/** The names of all profiles. */
export const profileNames: readonly Profile[] = ['pytorch-2.6', 'hardened'];

/** The names of all switches, in alphabetical order. */
export const switchNames: readonly SwitchName[] = Object.keys(switchTable)
  .filter((name) => isSwitchName(name))
  .toSorted();

/**
 * The switches of a profile, with departures.
 *
 * @throws {SimulationError} `rpc/unknown-profile`, `rpc/unknown-switch`.
 */
export function switchesOf(profile: Profile, settings: SwitchSettings = {}): Switches {
  invariant(
    profileNames.includes(profile),
    'rpc/unknown-profile',
    `There is no profile "${profile}". There are ${profileNames.join(', ')}.`,
  );
  for (const name of Object.keys(settings)) checkName(name);
  const on = switchNames.filter(
    (name) => settings[name] ?? (profile === 'pytorch-2.6' && switchTable[name].isLive),
  );
  return Object.freeze(Object.fromEntries(on.map((name) => [name, true])));
}

/** Whether a switch is on. */
export function isOn(switches: Switches, name: SwitchName): boolean {
  return switches[name] === true;
}

/** Whether this is the name of a switch. */
function isSwitchName(name: string): name is SwitchName {
  return Object.hasOwn(switchTable, name);
}

function checkName(name: string): void {
  invariant(
    isSwitchName(name),
    'rpc/unknown-switch',
    `There is no switch "${name}". "orrery list --switches" prints them.`,
  );
}
