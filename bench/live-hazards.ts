import { stage } from '../src/app/cli/scenario.ts';
import { scenarios } from '../src/app/cli/scenarios.ts';
import { check, defineSystem } from '../src/index.ts';
import type { Trace } from '../src/trace/trace.ts';
import { violationTrace } from '../src/trace/violation.ts';
import type { Section } from './section.ts';

/** A bug that PyTorch 2.6 has, and where an invariant stumbles over it. */
export interface LiveHazard {
  readonly about: string;
  /** What the scenario is given beside the profile; messages take no time, so that any of them may be next. */
  readonly params: Readonly<Record<string, number>>;
  readonly property: string;
  readonly scenario: string;
}

/** What came out of searches of all scenarios with the profile `pytorch-2.6`, read off the shortest runs. */
export const liveHazards: readonly LiveHazard[] = [
  {
    about:
      'H1: a creation cannot be unpickled, and its callback throws before the user is confirmed',
    scenario: 'unreadable-creation',
    params: { pool: 2 },
    property: 'P12',
  },
  {
    about:
      'H2: a request for a copy is sent again without its body, and its failure ends the process',
    scenario: 'sharing-among-users',
    params: { drop: 1, pool: 2 },
    property: 'P12',
  },
  {
    about:
      'H2: the owner is gone, and that a request for a copy failed ends the process of its user',
    scenario: 'sharing-among-users',
    params: { crash: 1, pool: 2 },
    property: 'P12',
  },
  {
    about: 'H3: a delete overtakes the end of the creation, so the value stays for ever',
    scenario: 'creation',
    params: { early: 1, pool: 2 },
    property: 'P1',
  },
  {
    about: 'H4: a call to itself that timed out finds its OwnerRRef gone',
    scenario: 'remote-to-self',
    params: { early: 1, pool: 1 },
    property: 'P12',
  },
  {
    about: 'H5: what follows a reference in a message cannot be pickled, and the copy stays listed',
    scenario: 'unwritable-call',
    params: { pool: 1 },
    property: 'P1',
  },
  {
    about:
      'H5: what follows a reference in a message cannot be unpickled, and the copy stays listed',
    scenario: 'unreadable-call',
    params: { pool: 1 },
    property: 'P1',
  },
  {
    about: 'H5: the message with a copy of the owner is lost, and the copy stays listed',
    scenario: 'sharing-by-owner',
    params: { drop: 1, pool: 2 },
    property: 'P1',
  },
  {
    about: 'H5: the message with a copy of a user is lost, and the child stays pending',
    scenario: 'unread-reference',
    params: { drop: 1, pool: 2 },
    property: 'P1',
  },
  {
    about: 'H6: an answer comes after the end of its autograd context, and makes that anew',
    scenario: 'left-behind',
    params: { pool: 2 },
    property: 'P1',
  },
  {
    about: 'H6: a call comes after the end of its autograd context, and makes that anew',
    scenario: 'given-up-call',
    params: { early: 1, pool: 2 },
    property: 'P1',
  },
  {
    about: 'H8: nested calls need the threads that wait for them',
    scenario: 'nested-calls',
    params: { pool: 1 },
    property: 'P11',
  },
  {
    about: 'H16: a fetch of what was never created waits for ever',
    scenario: 'fetch-against-delete',
    params: { drop: 1, pool: 2 },
    property: 'P3',
  },
  {
    about: 'H16: a fetch of what the sweep at shutdown deleted waits for ever',
    scenario: 'fetch-in-sweep',
    params: { pool: 2 },
    property: 'P3',
  },
  {
    about: 'H18: a delete that is lost is sent again without its body until it is given up',
    scenario: 'creation',
    params: { drop: 1, pool: 2 },
    property: 'P1',
  },
  {
    about: 'H19: an answer with a reference comes after the time-out, and its copy stays listed',
    scenario: 'returned-reference',
    params: { early: 1, pool: 2 },
    property: 'P1',
  },
  {
    about: 'H20: an owner lets go of a value between the two halves of its creation',
    scenario: 'unread-reference',
    params: { pool: 2 },
    property: 'P2',
  },
  {
    about: 'H22: a user passes back what was never created, and the owner waits for it for ever',
    scenario: 'sharing-with-owner',
    params: { drop: 1, pool: 2 },
    property: 'P3',
  },
  {
    about: 'H26: a gradient comes in the middle of a clean-up, where an assertion fails',
    scenario: 'traced-call',
    params: { early: 1, pool: 2 },
    property: 'P12',
  },
  {
    about: 'H37: the callback of a gradient uses its context after that was freed',
    scenario: 'two-gradients',
    params: { crash: 1, pool: 2 },
    property: 'P12',
  },
];

// What a hazard may take of the time of whoever takes the figures.
const statesMax = 300_000;

/** The shortest run that shows the bug, as a trace; none if the limit is reached before. */
export function traceOf({ params: given, property, scenario }: LiveHazard): Trace | undefined {
  const found = scenarios[scenario];
  if (found === undefined) return undefined;
  const wanted = { ...given, latency: '0', profile: 'pytorch-2.6' };
  const { params, system } = stage(scenario, found, wanted);
  const report = check(defineSystem(system.definition), {
    properties: [property],
    shrink: false,
    statesMax,
  });
  const [violation] = report.violations;
  return violation && violationTrace(report, violation, { params });
}

/** What finds it again. */
export function commandOf({ params, property, scenario }: LiveHazard): string {
  const given = Object.entries(params).map(([key, value]) => `${key}=${value}`);
  return ['orrery check', scenario, 'latency=0', ...given, `--properties ${property}`].join(' ');
}

/** The file that its trace lies in, in `examples/hazards`. */
export function fileOf({ about, params, property, scenario }: LiveHazard): string {
  const faults = Object.keys(params).filter((key) => key !== 'pool');
  const [number = ''] = about.split(':');
  return [number.toLowerCase(), scenario, ...faults, property.toLowerCase(), 'json'].join('.');
}

/** The bugs that were found. */
export function foundHazards(): Section {
  return {
    title: 'Live hazards of PyTorch 2.6',
    method:
      'Programs with the profile `pytorch-2.6`, where no search is told what to look for but that the ' +
      'invariants hold. Steps are those of the shortest run that breaks one; `npm run evidence:hazards` ' +
      'writes it to `examples/hazards`.',
    header: ['hazard', 'found by', 'steps'],
    rows: liveHazards.map((hazard) => [
      hazard.about,
      `\`${commandOf(hazard)}\``,
      `${traceOf(hazard)?.steps ?? ''}`,
    ]),
  };
}
