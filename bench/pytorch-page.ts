/** The page that shows scripts for real PyTorch beside the runs of the museum. */
import { readFileSync, writeFileSync } from 'node:fs';

import type { Exhibit } from '../examples/races/exhibit.ts';
import { rpcMeanings } from '../examples/races/meanings.ts';
import { museum } from '../examples/races/museum.ts';
import { recordedSteps } from './recorded-steps.ts';

/** Writes `docs/races/pytorch.md`, with the scripts whose bug the museum shows. */
export function writePyTorchPage(ids: readonly string[]): void {
  const shown = museum.filter(({ id }) => ids.includes(id));
  const others = ids.filter((id) => shown.every((exhibit) => exhibit.id !== id));
  const text = [
    '# Live races, on real PyTorch',
    '',
    'Each of these bugs is found by Orrery in a model of PyTorch, and shown by a script on PyTorch itself. The steps ' +
      "are those of the shrunk run that `orrery races ID` finds; what the script printed was printed by Debian's " +
      'PyTorch 1.13 (TensorPipe over `uv`). Each script ends by itself, also where PyTorch hangs. Written by ' +
      '`npm run evidence:pytorch`.',
    '',
    ...shown.flatMap((exhibit) => chapterOf(exhibit)),
    ...others.flatMap((id) => scriptOf(id)),
  ].join('\n');
  writeFileSync(new URL('../docs/races/pytorch.md', import.meta.url), `${text.trimEnd()}\n`);
}

function chapterOf(exhibit: Exhibit): readonly string[] {
  const { advice, happens, id, title } = exhibit;
  return [
    `## ${id}`,
    '',
    `${title[0]?.toUpperCase() ?? ''}${title.slice(1)}. ${happens}`,
    '',
    'The run, in the model:',
    '',
    '```text',
    ...recordedSteps(exhibit, rpcMeanings),
    '```',
    '',
    ...onPyTorch(id),
    ...(advice === undefined ? [] : [`**In your own program.** ${advice}`, '']),
  ];
}

/** A script whose bug the museum does not show. */
function scriptOf(id: string): readonly string[] {
  return [`## ${id}`, '', ...onPyTorch(id)];
}

function onPyTorch(id: string): readonly string[] {
  return [
    `On PyTorch, [${id}.py](../../examples/pytorch/${id}.py):`,
    '',
    '```python',
    read(`${id}.py`),
    '```',
    '',
    '```text',
    `$ python3 examples/pytorch/${id}.py`,
    read(`recorded/${id}.txt`),
    '```',
    '',
  ];
}

function read(path: string): string {
  return readFileSync(new URL(`../examples/pytorch/${path}`, import.meta.url), 'utf8').trimEnd();
}
