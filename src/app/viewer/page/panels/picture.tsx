/** The world as the author of the system draws it. */
import { h } from 'preact';
import type { ComponentChildren } from 'preact';

import { messageOf } from '../../../../core/errors.ts';
import type { PictureElement } from '../../../../runtime/picture.ts';
import { worldAt } from '../../../walk/course.ts';
import { pictureOf } from '../../model/picture.ts';
import type { Shown } from '../store.ts';

/** The picture of this step. */
export function PicturePanel({ shown: { at, course } }: { readonly shown: Shown }) {
  return (
    <div class="panel">
      <h2>Picture</h2>
      <figure class="picture" aria-label={`The world after step ${at}`}>
        {picture(course, at)}
      </figure>
    </div>
  );
}

function picture(course: Shown['course'], at: number): ComponentChildren {
  try {
    const drawn = pictureOf(course.system, worldAt(course, at));
    return drawn === undefined ? undefined : shown(drawn);
  } catch (thrown) {
    return <p class="quiet">{messageOf(thrown)}</p>;
  }
}

function shown({ attributes, children, tag }: PictureElement): ComponentChildren {
  return h(tag, attributes, ...children.map((one) => (typeof one === 'string' ? one : shown(one))));
}
