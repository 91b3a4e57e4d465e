/** Plain data as a tree that opens member by member; maps of the runtime read as records. */
import { brief } from '../../../../trace/words.ts';
import { leafOf, membersOf } from '../../model/changes.ts';

const membersMax = 100;
const textLength = 60;

/** A member, and what is in it. */
export function Data({
  isOpen = false,
  name,
  value,
}: {
  readonly isOpen?: boolean;
  readonly name: string;
  readonly value: unknown;
}) {
  const members = membersOf(value);
  if (members === undefined || members.size === 0) {
    return (
      <div class="datum">
        <span class="key">{name}</span>{' '}
        <span class="value">
          {members === undefined ? leafOf(value) : Array.isArray(value) ? '[]' : '{}'}
        </span>
      </div>
    );
  }
  return (
    <details class="datum" open={isOpen}>
      <summary>
        <span class="key">{name}</span> <span class="value faint">{summaryOf(value, members)}</span>
      </summary>
      {[...members].slice(0, membersMax).map(([key, member]) => (
        <Data key={key} name={key} value={member} />
      ))}
      {members.size > membersMax && <p class="quiet">… and {members.size - membersMax} more</p>}
    </details>
  );
}

function summaryOf(value: unknown, members: ReadonlyMap<string, unknown>): string {
  const isTree = typeof value === 'object' && value !== null && 'root' in value && members.size > 0;
  return isTree ? `${members.size} entries` : brief(value, textLength);
}
