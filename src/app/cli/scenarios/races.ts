/** The exhibits of the museum as scenarios: `races/<id>`, with its bug switched on or off. */
import type { Exhibit } from '../../../../examples/races/exhibit.ts';
import { museum } from '../../../../examples/races/museum.ts';
import { defineSystem } from '../../../runtime/system.ts';
import type { System } from '../../../runtime/system.ts';
import { rpcLabel } from '../rpc-label.ts';
import { word } from '../scenario.ts';
import type { Params, Scenario } from '../scenario.ts';

/** By name. */
export const raceScenarios: Readonly<Record<string, Scenario>> = Object.fromEntries(
  museum.map((exhibit) => [
    raceName(exhibit),
    {
      description: exhibit.title,
      label: rpcLabel,
      make: (params) => raceSystem(exhibit, word(params, 'switch', ['on', 'off']) === 'on'),
      params: raceParams(true),
    },
  ]),
);

/** What traces of an exhibit call its system. */
function raceName({ id }: Exhibit): string {
  return `races/${id}`;
}

/** The parameters with which a scenario is an exhibit, with its bug or without. */
export function raceParams(isOn: boolean): Params {
  return { switch: isOn ? 'on' : 'off' };
}

// Small systems come to the same local states again and again.
const rememberedMax = 100_000;

/** The system of an exhibit, with its bug or without. */
export function raceSystem(exhibit: Exhibit, isOn: boolean): System {
  return defineSystem({ rememberedMax, ...exhibit.system(isOn), name: raceName(exhibit) });
}
