import { array, nat, record } from 'fast-check';
import type { Arbitrary } from 'fast-check';

/** One step of a program: what is done, and with the results of which steps before it. */
export interface ProgramStep<Instruction> {
  readonly instruction: Instruction;
  /** The places of earlier steps; the first step has none. */
  readonly operands: readonly number[];
}

/** How long programs are. */
export interface ProgramOptions {
  /** Steps at most; 8 unless said otherwise. */
  readonly lengthMax?: number;
  /** Earlier results that a step uses at most; 2 unless said otherwise. */
  readonly operandsMax?: number;
}

/**
 * Programs as data, for a user function or a list of commands to carry out: a step may use what earlier
 * steps gave. An operand is drawn as a distance, so a program stays one when steps before it are left
 * out, and shrinks to few steps that use the nearest results.
 */
export function programs<Instruction>(
  instruction: Arbitrary<Instruction>,
  { lengthMax = 8, operandsMax = 2 }: ProgramOptions = {},
): Arbitrary<readonly ProgramStep<Instruction>[]> {
  const distances = array(nat({ max: lengthMax }), { maxLength: operandsMax });
  return array(record({ distances, instruction }), { maxLength: lengthMax }).map((steps) =>
    steps.map((step, place) => ({
      instruction: step.instruction,
      operands: place === 0 ? [] : step.distances.map((back) => Math.max(0, place - 1 - back)),
    })),
  );
}
