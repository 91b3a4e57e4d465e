/** Values as Python shows them, as far as user code can hold them. */
import type { Tensor } from '../../engine/graph.ts';
import { pythonTypeOf } from '../../engine/python-types.ts';
import { isTensor } from '../../engine/tensor.ts';
import { printRRef } from '../../rref/texts.ts';
import { pythonRepr } from '../user/failure.ts';
import { isRRefHandle } from '../user/handles.ts';

/** `repr(value)`. */
export function reprOf(value: unknown): string {
  switch (typeof value) {
    case 'boolean':
      return value ? 'True' : 'False';
    case 'number':
      return numberText(value);
    case 'string':
      return pythonRepr(value);
    case 'object':
      return value === null ? 'None' : objectText(value);
    default:
      // User code writes `None` as `undefined`; nothing else is data.
      return 'None';
  }
}

/** `str(value)`. */
export function strOf(value: unknown): string {
  return typeof value === 'string' ? value : reprOf(value);
}

function numberText(value: number): string {
  if (Number.isInteger(value)) return BigInt(value).toString();
  if (Number.isNaN(value)) return 'nan';
  const text = String(value).replace('Infinity', 'inf');
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

function objectText(value: object): string {
  if (Array.isArray(value)) return `[${value.map(reprOf).join(', ')}]`;
  if (isTensor(value)) return tensorText(value);
  if (isRRefHandle(value)) return printRRef(value.rrefId, value.forkId);
  const type = pythonTypeOf(value);
  if (type !== 'builtins.dict') return `<${type} object>`;
  const entries = Object.entries(value).map(([key, each]) => `${pythonRepr(key)}: ${reprOf(each)}`);
  return `{${entries.join(', ')}}`;
}

function tensorText({ data, dtype, gradFn, requiresGrad, shape }: Tensor): string {
  const isFloat = dtype.startsWith('float');
  const isWhole = data.every(Number.isInteger);
  const texts = data.map((each) => {
    if (dtype === 'bool') return each === 0 ? 'False' : 'True';
    if (!isFloat) return String(each);
    return isWhole ? `${each}.` : each.toFixed(4);
  });
  const width = Math.max(0, ...texts.map(({ length }) => length));
  const rows = rowsText(
    texts.map((text) => text.padStart(width)),
    { indent: 'tensor('.length, shape },
  );
  const grad = requiresGrad && gradFn === undefined ? ', requires_grad=True' : '';
  return `tensor(${rows}${grad})`;
}

interface Rows {
  readonly indent: number;
  readonly shape: readonly number[];
}

function rowsText(texts: readonly string[], { indent, shape }: Rows): string {
  const [count, ...rest] = shape;
  if (count === undefined) return texts[0] ?? '';
  if (rest.length === 0) return `[${texts.join(', ')}]`;
  const size = texts.length / Math.max(count, 1);
  const rows = Array.from({ length: count }, (_, row) =>
    rowsText(texts.slice(row * size, (row + 1) * size), { indent: indent + 1, shape: rest }),
  );
  const gap = `,${'\n'.repeat(rest.length)}${' '.repeat(indent + 1)}`;
  return `[${rows.join(gap)}]`;
}
