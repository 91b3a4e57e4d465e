import type { Source } from './source.ts';

/** One thing that must hold in every file; what it finds wrong reads as a sentence. */
export interface Rule {
  readonly claim: string;
  readonly check: (source: Source) => readonly string[];
}

/** Whether `path` lies in one of `folders`, or is one of them. */
export function liesIn(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
}

/** What is simulated: nothing in it may see anything but its own state. */
export const simulated: readonly string[] = [
  'src/core',
  'src/kernel',
  'src/network',
  'src/runtime',
  'src/program',
  'machines',
  'actors',
];

/** What must behave alike in every process, thread, browser and time zone. */
export const reproducible: readonly string[] = [
  ...simulated,
  'src/explore',
  'src/trace',
  'src/index.ts',
];
