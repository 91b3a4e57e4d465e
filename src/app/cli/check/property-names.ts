/** Names of properties as they are given on the command line, though they may have commas themselves. */
import type { System } from '../../../runtime/system.ts';

/** The names in a list with commas; where several parts together are a name of the system's own, they are one. */
export function propertyNames({ definition }: System, text: string): readonly string[] {
  const known = (definition.properties ?? []).map(({ name }) => name);
  const parts = text.split(',');
  const names: string[] = [];
  for (let from = 0; from < parts.length;) {
    let to = parts.length;
    while (to > from + 1 && !known.includes(parts.slice(from, to).join(',').trim())) to -= 1;
    const name = parts.slice(from, to).join(',').trim();
    if (name !== '') names.push(name);
    from = to;
  }
  return names;
}
