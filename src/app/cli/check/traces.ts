/** The traces of what a check found to be broken. */
import { join } from 'node:path';

import type { Report } from '../../../explore/check/report.ts';
import type { CheckedViolation } from '../../../explore/check/violations.ts';
import type { Variant } from '../../../runtime/variant.ts';
import { traceFileName } from '../../../trace/file-name.ts';
import { formatTrace } from '../../../trace/record.ts';
import { violationTrace } from '../../../trace/violation.ts';
import { textIn, writeText } from '../files.ts';
import type { Params } from '../scenario.ts';

/** A violation, and where its trace lies. */
export interface WrittenViolation extends CheckedViolation {
  /** The module that the system comes from, where it is not one of the listed ones. */
  readonly module?: string;
  /** How many choices its run takes; `null` where no run shows it. */
  readonly steps: number | null;
  /** The file; `null` where no run shows it, or not twice. */
  readonly trace: string | null;
}

/** Where traces go, and what they say of their system. */
export interface Place {
  readonly folder: string;
  readonly module?: string;
  readonly params: Params;
  readonly variant: Variant;
}

/** Writes a trace for each violation that a run shows; those of other systems and parameters are left alone. */
export function writeTraces(
  report: Report,
  { folder, module, params, variant }: Place,
): readonly WrittenViolation[] {
  const hasVariant = Object.keys(variant).length > 0;
  return report.violations.map((violation) => {
    const trace = violationTrace(report, violation, {
      params,
      ...(hasVariant ? { variant } : {}),
    });
    const steps = violation.run === undefined ? null : violation.run.steps.length - 1;
    if (trace === undefined) return { ...violation, steps, trace: null };
    const file = join(
      folder,
      traceFileName(trace, (taken) => textIn(join(folder, taken))),
    );
    writeText(file, formatTrace(trace));
    return {
      ...violation,
      ...(module === undefined ? {} : { module }),
      steps,
      trace: file,
    };
  });
}
