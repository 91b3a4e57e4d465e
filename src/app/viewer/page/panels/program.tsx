/** The user's functions that run now: which, how far, what each waits for, and at which line. */
import { useMemo } from 'preact/hooks';

import { worldAt } from '../../../walk/course.ts';
import { threadsOf } from '../../model/programs.ts';
import type { Thread } from '../../model/programs.ts';
import { sourceLineOf, sourcesClass } from '../../sources.ts';
import type { SourceLine, Sources } from '../../sources.ts';
import type { Shown } from '../store.ts';

/** A box for each running function. */
export function ProgramPanel({ shown: { at, course } }: { readonly shown: Shown }) {
  const sources = useMemo(readSources, []);
  const threads = threadsOf(course.system, worldAt(course, at));
  return (
    <div class="panel">
      <h2>
        User code <span class="count">{threads.length}</span>
      </h2>
      {threads.length === 0 && <p class="quiet">No function of user code runs at this step.</p>}
      {threads.map((thread) => (
        <ThreadView key={thread.actor} sources={sources} thread={thread} />
      ))}
    </div>
  );
}

/** The sources that the page brought along, its own and those of somebody's module. */
function readSources(): readonly Sources[] {
  return [...document.querySelectorAll(`.${sourcesClass}`)].flatMap(({ textContent }) => {
    if (textContent === null || textContent.trim() === '') return [];
    // cast -- what the page was built with
    return [JSON.parse(textContent) as Sources]; // oxlint-disable-line typescript/no-unsafe-type-assertion
  });
}

interface ThreadProps {
  readonly sources: readonly Sources[];
  readonly thread: Thread;
}

function ThreadView({ sources, thread: { actor, calls, places, waitsFor } }: ThreadProps) {
  const lines = places.flatMap((place) =>
    sources.flatMap((one) => sourceLineOf(one, place) ?? []).slice(0, 1),
  );
  return (
    <article class="thread">
      <h3>{actor}</h3>
      <ol>
        {calls.map(({ answers, args, fn }, index) => (
          <li key={index}>
            <code>
              {fn}({args.replace(/^\[|\]$/g, '')})
            </code>{' '}
            <span class="faint">after {answers === 1 ? '1 answer' : `${answers} answers`}</span>
          </li>
        ))}
      </ol>
      {waitsFor !== undefined && (
        <p>
          waits for <code>{waitsFor}</code>
        </p>
      )}
      {lines.map((line, index) => (
        <Excerpt key={index} isInnermost={index === 0} line={line} />
      ))}
    </article>
  );
}

/** Lines that are shown before and after the current one. */
const around = 5;

interface ExcerptProps {
  readonly isInnermost: boolean;
  readonly line: SourceLine;
}

/** The lines around the one at which a function waits; of its callers only that line. */
function Excerpt({ isInnermost, line: { file, line, text } }: ExcerptProps) {
  const reach = isInnermost ? around : 0;
  const all = text.split('\n');
  const first = Math.max(1, line - reach);
  return (
    <figure class="source">
      <figcaption>
        {file}, line {line}
      </figcaption>
      <pre>
        {all.slice(first - 1, line + reach).map((words, index) => (
          <code
            key={index}
            class={first + index === line ? 'now' : ''}
            aria-current={first + index === line ? 'step' : undefined}
          >
            <span class="number">{first + index}</span>
            {words}
            {'\n'}
          </code>
        ))}
      </pre>
    </figure>
  );
}
