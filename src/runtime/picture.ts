/**
 * A picture of a world as the author of a system would draw it: SVG as data. What stands in messages and
 * states may so be shown, and is never taken for markup.
 */
import type { View } from './view.ts';

/** Draws what is worth seeing of a world. */
export type Picture = (view: View) => PictureElement;

/** An element of SVG: its tag, its attributes, and what is in it. */
export interface PictureElement {
  readonly tag: PictureTag;
  readonly attributes: Readonly<Record<string, number | string>>;
  readonly children: readonly (PictureElement | string)[];
}

/** The elements that a picture may have. */
export type PictureTag = (typeof pictureTags)[number];

/** All of them. */
export const pictureTags = [
  'circle',
  'ellipse',
  'g',
  'line',
  'path',
  'polygon',
  'polyline',
  'rect',
  'svg',
  'text',
  'title',
  'tspan',
] as const;

/** An element of a picture, as `pictureElement('circle', { cx: 5, cy: 5, r: 4 })`. */
export function pictureElement(
  tag: PictureTag,
  attributes: PictureElement['attributes'] = {},
  ...children: PictureElement['children']
): PictureElement {
  return { attributes, children, tag };
}
