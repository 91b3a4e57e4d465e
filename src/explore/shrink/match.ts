/** Finds what was taken in one run among what another offers. */
import { digest, isSameDigest } from '../../core/digest.ts';
import type { Choice } from '../../kernel/choice.ts';
import { placeOf } from '../../kernel/choice.ts';
import { subjectOf } from '../../kernel/names.ts';

/**
 * The offered choice that is the wanted one: of the same name; or else the same at another moment; or
 * else of the same kind, between the same actors and of the same contents, since what comes a second
 * time has another name when the first is gone; or else of the same cause, with other contents.
 */
export function matchOf(offered: readonly Choice[], wanted: Choice): Choice | undefined {
  const named = offered.find(({ name }) => name === wanted.name);
  if (named !== undefined) return named;
  const alike = offered.filter((choice) => isSameKind(choice, wanted));
  return (
    alike.find(
      (choice) => subjectOf(choice.name) === subjectOf(wanted.name) && isSameDeed(choice, wanted),
    ) ??
    alike.find((choice) => isSameDeed(choice, wanted)) ??
    alike.find((choice) => subjectOf(choice.name) === subjectOf(wanted.name))
  );
}

/** At the same place too, and from the same actor where it is a message. */
function isSameKind(one: Choice, other: Choice): boolean {
  return (
    one.type === other.type && placeOf(one) === placeOf(other) && senderOf(one) === senderOf(other)
  );
}

function senderOf(choice: Choice): string | undefined {
  return 'from' in choice ? choice.from : undefined;
}

function isSameDeed(one: Choice, other: Choice): boolean {
  if (!('event' in one) || !('event' in other)) return true;
  return (
    one.event.type === other.event.type && isSameDigest(digest(one.event), digest(other.event))
  );
}
