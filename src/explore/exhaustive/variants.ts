/** Whether the ends of other systems are those of the one that was searched. */
import type { AgreementProperty } from '../../runtime/property.ts';
import type { System } from '../../runtime/system.ts';
import type { OtherRun } from '../violation.ts';
import type { Agreement } from './agreement.ts';
import { runTo } from './path.ts';
import { survey } from './survey.ts';
import type { Survey } from './survey.ts';
import type { LateVerdict } from './verdicts.ts';

/** Compares the ends of a search with those of all variants, each searched in the same way. */
export function acrossVariants(found: Survey): readonly LateVerdict[] {
  return found.watch.agreements.flatMap((agreement) => {
    const { property } = agreement;
    if (property.type !== 'agreeAcross') return [];
    return [acrossSystems(found, { agreement, property })];
  });
}

interface Across {
  readonly agreement: Agreement;
  readonly property: Extract<AgreementProperty, { readonly type: 'agreeAcross' }>;
}

function acrossSystems(found: Survey, { agreement, property }: Across): LateVerdict {
  const { name } = property;
  // The first observation, and how to make the run that gives it.
  let known = endOf(found, agreement);
  for (const [variant, system] of property.systems.entries()) {
    const other = surveyVariant(found, system, property);
    const [broken] = other.watch.broken();
    if (broken?.other !== undefined) {
      const pair = { run: runTo(other, broken.other), variant };
      return {
        violation: { other: pair, property: name, run: runTo(other, broken.state), variant },
      };
    }
    if (other.limit !== undefined) return { limit: other.limit, undecided: name };
    const [made] = other.watch.agreements;
    const end = made && endOf(other, made, variant);
    if (end === undefined) continue;
    if (known !== undefined && known.digest !== end.digest) {
      return { violation: { property: name, ...end.run(), other: known.run() } };
    }
    known ??= end;
  }
  return {};
}

interface End {
  readonly digest: string;
  readonly run: () => OtherRun;
}

function endOf(found: Survey, agreement: Agreement, variant?: number): End | undefined {
  const first = agreement.first();
  if (first === undefined) return undefined;
  const { digest, state } = first;
  const which = variant === undefined ? {} : { variant };
  return { digest, run: () => ({ ...which, run: runTo(found, state) }) };
}

function surveyVariant(
  { options }: Survey,
  system: System,
  { name, observe }: Across['property'],
): Survey {
  return survey(system, { ...options, properties: [{ name, observe, type: 'agree' }] });
}
