/** The user's functions that run now: which, how far, and what each waits for. */
import { worldAt } from '../../../walk/course.ts';
import { threadsOf } from '../../model/programs.ts';
import type { Thread } from '../../model/programs.ts';
import type { Shown } from '../store.ts';

/** A box for each running function. */
export function ProgramPanel({ shown: { at, course } }: { readonly shown: Shown }) {
  const threads = threadsOf(course.system, worldAt(course, at));
  return (
    <div class="panel">
      <h2>
        User code <span class="count">{threads.length}</span>
      </h2>
      {threads.length === 0 && <p class="quiet">No function of user code runs at this step.</p>}
      {threads.map((thread) => (
        <ThreadView key={thread.actor} thread={thread} />
      ))}
    </div>
  );
}

function ThreadView({ thread: { actor, calls, waitsFor } }: { readonly thread: Thread }) {
  return (
    <article class="thread">
      <h3>{actor}</h3>
      <ol>
        {calls.map(({ answers, args, fn }, index) => (
          <li key={index}>
            <code>
              {fn}({args.replace(/^\[|\]$/g, '')})
            </code>{' '}
            <span class="faint">after {answers} answers</span>
          </li>
        ))}
      </ol>
      {waitsFor !== undefined && (
        <p>
          waits for <code>{waitsFor}</code>
        </p>
      )}
    </article>
  );
}
