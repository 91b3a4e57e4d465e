/** Operators on devices with streams: their worker gives each to a stream, and says which operation it is. */
import type { Stamp } from '../machines/devices/clock.ts';
import { isCuda } from '../machines/devices/device.ts';
import type { Tensor } from '../machines/engine/graph.ts';
import type { Program } from '../src/index.ts';
import { ask } from './ask.ts';

/** An operator that was applied. */
export interface Application {
  readonly args: readonly (Tensor | number)[];
  readonly op: string;
  readonly values: readonly Tensor[];
}

/** The results as the operator's stream will write them; on the processor alone they are there at once. */
export function* launched({ args, op: by, values }: Application): Program<readonly Tensor[]> {
  const reads = args.flatMap((arg) => (typeof arg === 'number' ? [] : readOf(arg)));
  const [first] = values;
  if (first === undefined || (reads.length === 0 && !isCuda(first.device))) return values;
  const ready = yield* ask<Stamp | undefined>({ type: 'cuda.launch', by, reads, to: first.device });
  return values.map((value) => {
    const { ready: _, ...bare } = value;
    return ready === undefined ? bare : { ...bare, ready };
  });
}

function readOf({ device, ready }: Tensor) {
  if (!isCuda(device)) return [];
  return ready === undefined ? [{ device }] : [{ device, ready }];
}
