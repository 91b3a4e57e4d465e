import { useMemo } from 'preact/hooks';

/** How wide a text is in pixels, in letters of that height. */
export type TextWidth = (text: string, size: number, weight?: 400 | 600) => number;

/** Measures texts as the browser draws them. */
export function useTextWidth(): TextWidth {
  return useMemo(() => {
    const pen = document.createElement('canvas').getContext('2d');
    const { fontFamily } = getComputedStyle(document.documentElement);
    return (text, size, weight = 400) => {
      if (pen === null || text === '') return 0;
      pen.font = `${weight} ${size}px ${fontFamily}`;
      return Math.ceil(pen.measureText(text).width);
    };
  }, []);
}
