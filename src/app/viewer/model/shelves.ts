/** The gallery: what there is to look at, by what it is good for. */
import type { Catalogue } from './catalogue.ts';
import type { Request } from './opening.ts';

/** A shelf of the gallery. */
export interface Shelf {
  readonly title: string;
  readonly words: string;
  readonly exhibits: readonly Exhibit[];
}

/** One thing to open. */
export interface Exhibit {
  readonly title: string;
  readonly description: string;
  readonly request: Request;
}

const sharing = ['sharing-with-owner', 'sharing-by-owner', 'sharing-among-users'];
const training = [
  'parameter-server',
  'recurrent-network',
  'reinforcement-learning',
  'pipeline',
  'batch-parameter-server',
  'distributed-optimizer',
];

/** All shelves; a scenario that stands on no other is on the last one. */
export function shelvesOf(catalogue: Catalogue): readonly Shelf[] {
  const isCluster = (name: string): boolean => catalogue[name]?.label !== undefined;
  const own = Object.keys(catalogue).filter((name) => catalogue[name]?.isOwn === true);
  const listed = Object.keys(catalogue).filter((name) => !own.includes(name));
  const named = (names: readonly string[]): readonly Exhibit[] =>
    names.flatMap((name) => {
      const scenario = catalogue[name];
      if (scenario === undefined) return [];
      return [{ description: scenario.description, request: { name }, title: name }];
    });
  const others = listed.filter(
    (name) =>
      isCluster(name) && !isRace(name) && !sharing.includes(name) && !training.includes(name),
  );
  return [
    { exhibits: named(own), title: 'Yours', words: 'The system that this page brought along.' },
    {
      exhibits: [...named(sharing), ...modes],
      title: 'Start here',
      words:
        'Who owns a remote value, and how backward crosses workers: PyTorch’s RPC and autograd.',
    },
    {
      exhibits: planted(catalogue),
      title: 'Something is wrong',
      words: 'Protocols with a mistake in them. Where does it show?',
    },
    {
      exhibits: named(listed.filter(isRace)),
      title: 'The museum of races',
      words: 'Races of PyTorch and of other systems, each with a switch that turns it off.',
    },
    {
      exhibits: named(listed.filter((name) => !isCluster(name) && !isRace(name))),
      title: 'Protocols',
      words: 'Well-known ones, from textbooks and papers.',
    },
    {
      exhibits: named(training),
      title: 'Tutorials',
      words: 'PyTorch’s own RPC tutorials. They train.',
    },
    {
      exhibits: named(others),
      title: 'Small programs',
      words: 'One thing each, and what can come of it.',
    },
  ].filter(({ exhibits }) => exhibits.length > 0);
}

const modes: readonly Exhibit[] = [
  {
    description: 'every message of the context is waited for: this one waits for ever',
    request: { name: 'two-gradients', params: { backward: 'fast' } },
    title: 'backward, FAST mode',
  },
  {
    description: 'the same program, but each pass first finds out which messages it needs',
    request: { name: 'two-gradients', params: { backward: 'smart-discovery' } },
    title: 'backward, SMART mode',
  },
];

/** The mistakes that protocols can be given. */
function planted(catalogue: Catalogue): readonly Exhibit[] {
  return Object.entries(catalogue).flatMap(([name, { bugs = {} }]) =>
    Object.entries(bugs).map(([bug, words]) => ({
      description: words,
      request: { name, params: { bug }, seed: 1 },
      title: `${name}: ${bug}`,
    })),
  );
}

function isRace(name: string): boolean {
  return name.startsWith('races/');
}
