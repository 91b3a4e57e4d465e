import { importsOf } from './imports.ts';
import { liesIn } from './rule.ts';
import type { Rule } from './rule.ts';
import type { Source } from './source.ts';

/** A part of the house: where it lies, which parts and which packages it may use. */
interface Layer {
  readonly name: string;
  /** Folders and single files. */
  readonly at: readonly string[];
  /** The names of layers; a layer may always import itself. */
  readonly mayImport: readonly string[];
  /** Packages by name, a whole scope by `@scope/`, Node's own modules by `node:`. */
  readonly packages: readonly string[] | 'any';
}

const chain = ['core', 'kernel', 'network', 'runtime', 'program', 'explore', 'trace', 'testing'];
const doors = ['door', 'testing door', 'rpc door'];
const viewer = ['app/viewer', 'app/viewer/build'];
const inner = [...chain, ...doors, 'machines', 'actors', 'examples'];

const packagesOfChain: Readonly<Record<string, readonly string[]>> = {
  // Its transcendental functions are plain arithmetic, so they round alike everywhere.
  core: ['pure-rand', '@stdlib/'],
  runtime: ['xstate'],
  program: ['xstate'],
  trace: ['ajv', 'nanoid'],
  testing: ['fast-check', 'vitest', 'xstate', 'node:'],
};

/** Who may import whom. The first layer that holds a path is the path's layer. */
export const layers: readonly Layer[] = [
  { name: 'door', at: ['src/index.ts'], mayImport: chain.slice(0, -1), packages: [] },
  { name: 'testing door', at: ['src/testing/index.ts'], mayImport: chain, packages: [] },
  {
    name: 'rpc door',
    at: ['actors/index.ts'],
    mayImport: ['door', 'machines', 'actors'],
    packages: [],
  },
  ...chain.map((name, position) => ({
    name,
    at: [`src/${name}`],
    mayImport: chain.slice(0, position),
    packages: packagesOfChain[name] ?? [],
  })),
  { name: 'machines', at: ['machines'], mayImport: ['core'], packages: ['xstate', 'immer'] },
  {
    name: 'actors',
    at: ['actors'],
    mayImport: ['door', 'machines'],
    packages: ['xstate', 'immer'],
  },
  { name: 'examples', at: ['examples'], mayImport: doors, packages: ['xstate', 'immer'] },
  // What builds the page runs in Node; what is in the page runs in a browser.
  {
    name: 'app/viewer/build',
    at: ['src/app/viewer/build'],
    mayImport: [...inner, 'app/viewer'],
    packages: 'any',
  },
  {
    name: 'app/viewer/page',
    at: ['src/app/viewer/page'],
    mayImport: [...inner, 'app', 'app/viewer'],
    packages: ['preact', 'preact/hooks', '@preact/', '@dagrejs/'],
  },
  {
    name: 'app/viewer',
    at: ['src/app/viewer'],
    mayImport: [...inner, 'app'],
    packages: ['xstate'],
  },
  { name: 'app', at: ['src/app'], mayImport: [...inner, ...viewer], packages: 'any' },
  { name: 'bench', at: ['bench'], mayImport: [...inner, 'app', ...viewer], packages: 'any' },
  { name: 'wasm', at: ['wasm'], mayImport: ['explore'], packages: ['node:'] },
  {
    name: 'test',
    at: ['test'],
    mayImport: [...inner, 'app', ...viewer, 'bench', 'wasm'],
    packages: 'any',
  },
];

export const layerRules: readonly Rule[] = [
  { claim: 'every file has a layer', check: hasLayer },
  { claim: 'a layer imports only what lies below it', check: importsDownwards },
  { claim: 'a layer uses only its own packages', check: usesItsPackages },
];

function hasLayer({ path }: Source): readonly string[] {
  return layerOf(path) === undefined
    ? [
        `${path} is in no layer: move it, or give its folder a row in test/architecture/layers.ts ` +
          'and say why in docs/decisions.',
      ]
    : [];
}

function importsDownwards(source: Source): readonly string[] {
  const layer = layerOf(source.path);
  if (layer === undefined) {
    return [];
  }
  return importsOf(source).flatMap(({ target }) =>
    target.type === 'package' || allows(layer, target.path)
      ? []
      : [`${source.path} imports ${target.path}, but ${permission(layer)}`],
  );
}

function usesItsPackages(source: Source): readonly string[] {
  const layer = layerOf(source.path);
  if (layer === undefined || layer.packages === 'any') {
    return [];
  }
  const { name, packages } = layer;
  const allowed = packages.length === 0 ? 'no package' : `only ${listed(packages)}`;
  return importsOf(source).flatMap(({ target }) =>
    target.type === 'file' || packages.some((entry) => covers(entry, target.name))
      ? []
      : [`${source.path} imports ${target.name}, but ${name} may use ${allowed}.`],
  );
}

function covers(entry: string, name: string): boolean {
  return entry.startsWith('@') && entry.endsWith('/') ? name.startsWith(entry) : name === entry;
}

function layerOf(path: string): Layer | undefined {
  return layers.find(({ at }) => liesIn(path, at));
}

function allows({ name, mayImport }: Layer, path: string): boolean {
  const target = layerOf(path)?.name;
  return target !== undefined && (target === name || mayImport.includes(target));
}

function permission({ name, mayImport }: Layer): string {
  return mayImport.length === 0
    ? `${name} may import nothing but itself: move what it needs down, or the caller up.`
    : `${name} may only import ${listed(mayImport)}: move what it needs down, or the caller up.`;
}

/** `a`, `a and b`, `a, b and c`. */
function listed(names: readonly string[]): string {
  const front = names.slice(0, -1).join(', ');
  const last = names.at(-1) ?? '';
  return front === '' ? last : `${front} and ${last}`;
}
