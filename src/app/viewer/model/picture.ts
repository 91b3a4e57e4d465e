/** The picture that the author of a system supplies, looked through before it is shown. */
import { invariant } from '../../../core/errors.ts';
import { viewOfWorld } from '../../../explore/view-of-world.ts';
import type { World } from '../../../kernel/world.ts';
import { pictureTags } from '../../../runtime/picture.ts';
import type { PictureElement } from '../../../runtime/picture.ts';
import type { System } from '../../../runtime/system.ts';
import { brief } from '../../../trace/words.ts';

/** More elements than these are no picture any more. */
const elementsMax = 5_000;
const depthMax = 40;

/**
 * The picture of a world; `undefined` for a system without one.
 *
 * @throws {SimulationError} `viewer/bad-picture`, or whatever its author's own mistake is.
 */
export function pictureOf(
  { definition: { picture }, mechanics }: System,
  world: World,
): PictureElement | undefined {
  if (picture === undefined) return undefined;
  const drawn: unknown = picture(viewOfWorld(mechanics.rules, world));
  const count = { elements: 0 };
  check(drawn, 0, count);
  invariant(drawn.tag === 'svg', 'viewer/bad-picture', `A picture is an svg, not a ${drawn.tag}.`);
  return drawn;
}

function check(
  drawn: unknown,
  depth: number,
  count: { elements: number },
): asserts drawn is PictureElement {
  count.elements += 1;
  invariant(
    count.elements <= elementsMax && depth <= depthMax,
    'viewer/bad-picture',
    `This picture has more than ${elementsMax} elements, or more than ${depthMax} in one another. Draw less.`,
  );
  invariant(
    isElement(drawn),
    'viewer/bad-picture',
    `In this picture stands ${brief(drawn, textLength)}, which is no element. Make it with pictureElement(…), ` +
      `of ${pictureTags.join(', ')}.`,
  );
  for (const [name, value] of Object.entries(drawn.attributes)) {
    invariant(
      isHarmless(name, value),
      'viewer/bad-picture',
      `A picture may not have ${name}=${brief(value, textLength)}. Give plain attributes of SVG, texts and numbers.`,
    );
  }
  for (const child of drawn.children) if (typeof child !== 'string') check(child, depth + 1, count);
}

const textLength = 60;

function isElement(value: unknown): value is PictureElement {
  if (typeof value !== 'object' || value === null) return false;
  if (!('tag' in value && 'attributes' in value && 'children' in value)) return false;
  const { attributes, children, tag } = value;
  return (
    pictureTags.some((one) => one === tag) &&
    typeof attributes === 'object' &&
    attributes !== null &&
    Array.isArray(children)
  );
}

/** Nothing that runs, and nothing that leads elsewhere. */
function isHarmless(name: string, value: unknown): boolean {
  if (!/^[a-z][a-z0-9-]*$/i.test(name) || /^on|^(?:href|style|class|id)$/i.test(name)) return false;
  return typeof value === 'number' || (typeof value === 'string' && !/url\s*\(/i.test(value));
}
