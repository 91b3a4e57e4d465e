/** Which scenarios a campaign is asked for, and in which version they are here. */
import { invariant, SimulationError } from '../../../core/errors.ts';
import { findScenario } from '../find-scenario.ts';
import { isModulePath } from '../modules/user-module.ts';
import { parseParams, stage } from '../scenario.ts';
import { protocolScenarios } from '../scenarios/protocols.ts';
import type { Entry, EntrySource } from './plan.ts';
import type { VersionOf } from './version.ts';

/**
 * The scenarios of a command line: each name with the parameters behind it, as `raft size=3 paxos`.
 *
 * @throws {SimulationError} `cli/bad-param` for a parameter in front of all, and whatever is wrong with one.
 */
export async function askedFor(
  words: readonly string[],
  versionOf: VersionOf,
): Promise<readonly EntrySource[]> {
  const groups: { readonly name: string; readonly params: string[] }[] = [];
  for (const word of words) {
    if (!word.includes('=')) {
      groups.push({ name: word, params: [] });
      continue;
    }
    const last = groups.at(-1);
    invariant(
      last !== undefined,
      'cli/bad-param',
      `"${word}" is a parameter of nothing. Write it behind its scenario, as raft ${word}.`,
    );
    last.params.push(word);
  }
  invariant(
    groups.length > 0,
    'cli/no-scenario',
    'No scenario is named. Name one that "orrery list" lists, a module of your own, or go on with --resume.',
  );
  const all = await Promise.all(
    groups.map(async ({ name, params }) =>
      (await namesOf(name)).map((one) => ({ name: one, params })),
    ),
  );
  return Promise.all(
    all.flat().map(async ({ name, params: texts }) => {
      const found = await findScenario(name);
      const { params, system } = stage(name, found, parseParams(name, found.params, texts));
      return { code: await versionOf(name), params, scenario: name, system };
    }),
  );
}

/** A name, or all of a group: `races` stands for each scenario that is listed as `races/…`. */
async function namesOf(name: string): Promise<readonly string[]> {
  if (isModulePath(name) || name.includes('/') || Object.hasOwn(protocolScenarios, name))
    return [name];
  const { scenarios } = await import('../scenarios.ts');
  const group = Object.keys(scenarios).filter((one) => one.startsWith(`${name}/`));
  return Object.hasOwn(scenarios, name) || group.length === 0 ? [name] : group;
}

/**
 * Whether the scenarios of a campaign are here what they were when it began.
 *
 * @throws {SimulationError} `cli/other-version`.
 */
export async function requireSame(entries: readonly Entry[], versionOf: VersionOf): Promise<void> {
  for (const { code, scenario } of entries) {
    const here = await versionOf(scenario);
    if (here === code) continue;
    throw new SimulationError(
      'cli/other-version',
      `"${scenario}" was version ${code} when this campaign began, and is ${here} here. Its schedules would ` +
        'not be the same: begin a new campaign, with another --out.',
    );
  }
}
