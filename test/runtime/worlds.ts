/** A tiny search over `choices` and `apply`, enough for the small systems of these tests. */
import type { Choice, System, World } from '../../src/index.ts';

/** What `observe` says of each world in which the system has nothing left to do; faults are not made. */
export function endsOf<T>(system: System, observe: (world: World) => T): ReadonlySet<T> {
  const seen = new Set<string>();
  const ends = new Set<T>();
  const open: World[] = [system.start().world];
  for (let world = open.pop(); world !== undefined; world = open.pop()) {
    const hash = system.hash(world);
    if (seen.has(hash)) continue;
    seen.add(hash);
    const choices = system.choices(world).filter((choice) => isOwn(choice));
    if (choices.length === 0) ends.add(observe(world));
    for (const choice of choices) open.push(system.apply(world, choice).world);
  }
  return ends;
}

/** Whether the system itself makes the choice, or an input. */
function isOwn({ type }: Choice): boolean {
  return type === 'deliver' || type === 'fire' || type === 'input';
}
