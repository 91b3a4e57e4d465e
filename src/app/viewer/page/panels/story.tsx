/** The run in words, a paragraph for each step, the one where one stands in the middle. */
import { useEffect, useRef } from 'preact/hooks';

import { outOfTurn } from '../../../../trace/out-of-turn.ts';
import { storyOf } from '../../../../trace/story.ts';
import { jump } from '../../../walk/branches.ts';
import { tapeOf } from '../../../walk/course.ts';
import type { Shown, Store } from '../store.ts';

/** Steps that are told before and after the one where one stands. */
const around = 60;
const width = 400;

/** The steps around the one where one stands. */
export function StoryPanel({
  shown: { at, course, label, opened },
  store,
}: {
  readonly shown: Shown;
  readonly store: Store;
}) {
  const here = useRef<HTMLLIElement>(null);
  useEffect(() => {
    here.current?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  const first = Math.max(0, at - around);
  const steps = course.steps.slice(first, at + around + 1);
  const why = outOfTurn({ steps: course.steps, tape: tapeOf(course) }, label);
  const { broken } = opened;
  return (
    <div class="panel">
      <h2>The story</h2>
      {first > 0 && <p class="quiet">… {first} steps before</p>}
      <ol class="story">
        {steps.map((step) => {
          const [head = '', ...details] = storyOf(step, { label, width });
          const reason = why.get(step.index);
          return (
            <li
              key={step.index}
              ref={step.index === at ? here : null}
              class={step.index === at ? 'here' : step.index > at ? 'ahead' : ''}
            >
              <button
                type="button"
                aria-current={step.index === at ? 'step' : undefined}
                onClick={() => {
                  store.walk((exploration) => jump(exploration, step.index));
                }}
              >
                <Head words={head} />
              </button>
              {reason !== undefined && <p class="why">{reason}</p>}
              {details.map((line, index) => (
                <p key={index}>{line.trim()}</p>
              ))}
            </li>
          );
        })}
      </ol>
      {broken !== undefined && (
        <p class="verdict broken">
          “{broken.name}” is broken: {broken.message}
        </p>
      )}
    </div>
  );
}

/** What a step is, and what it carries, which is less to be read at first. */
function Head({ words }: { readonly words: string }) {
  const text = words
    .trim()
    .replace(/^(#\d+)\s+/, '$1  ')
    .replaceAll(' -> ', ' → ');
  const at = text.indexOf(' {');
  if (at < 0) return <b>{text}</b>;
  return (
    <>
      <b>{text.slice(0, at)}</b>
      <span class="carried">{text.slice(at)}</span>
    </>
  );
}
