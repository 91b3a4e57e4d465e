/** The traces of what a check found to be broken. */
import { join } from 'node:path';

import type { Report } from '../../explore/check/report.ts';
import { makerOf } from '../../explore/check/violations.ts';
import type { CheckedViolation } from '../../explore/check/violations.ts';
import type { System } from '../../runtime/system.ts';
import type { Variant } from '../../runtime/variant.ts';
import { brokenProperty } from '../../trace/broken.ts';
import { formatTrace, recordTrace } from '../../trace/record.ts';
import { writeText } from './files.ts';
import type { Params } from './scenario.ts';

/** A violation, and where its trace lies. */
export interface WrittenViolation extends CheckedViolation {
  /** The module that the system comes from, where it is not one of the listed ones. */
  readonly module?: string;
  /** On which its run replays. */
  readonly system: System;
  /** How many choices its run takes; `null` where no run shows it. */
  readonly steps: number | null;
  /** The file; `null` where no run shows it. */
  readonly trace: string | null;
}

/** Where traces go, and what they say of their system. */
export interface Place {
  readonly folder: string;
  readonly module?: string;
  readonly params: Params;
  readonly variant: Variant;
}

/** Writes a trace for each violation that a run shows. */
export function writeTraces(report: Report, place: Place): readonly WrittenViolation[] {
  return report.violations.map((violation) => {
    const { run } = violation;
    const property = report.properties.find(({ name }) => name === violation.property);
    const system = makerOf(report.system, property, violation);
    const origin = place.module === undefined ? { system } : { module: place.module, system };
    if (run === undefined || property === undefined)
      return { ...violation, ...origin, steps: null, trace: null };
    const steps = run.steps.length - 1;
    const hasVariant = Object.keys(place.variant).length > 0;
    const trace = recordTrace(system, run, {
      params: place.params,
      property: brokenProperty(system, property, violation),
      ...(hasVariant ? { variant: place.variant } : {}),
    });
    const file = join(place.folder, `${slug(system.name)}.${slug(property.name)}.trace.json`);
    writeText(file, formatTrace(trace));
    return { ...violation, ...origin, steps, trace: file };
  });
}

/** What a file may be called everywhere. */
function slug(text: string): string {
  const plain = text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return plain.replaceAll(/^-|-$/g, '').slice(0, 60) || 'unnamed';
}
