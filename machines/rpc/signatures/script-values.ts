/**
 * What of Python fits which type of TorchScript, and what it is there.
 *
 * @see PyTorch, `torch/csrc/jit/python/pybind_utils.cpp`, `toIValue`; the texts are those of 1.13, whose pybind11
 * does not name the class.
 */
import { unreachable } from '../../../src/core/errors.ts';
import { classNameOf, isNone, pythonTypeOf } from '../../engine/python-types.ts';
import { isTensor } from '../../engine/tensor.ts';
import { isFutureHandle, isRRefHandle } from '../user/handles.ts';
import { reprOf, strOf } from './python-repr.ts';
import type { PlainType, ScriptType } from './script-types.ts';
import { annotationText } from './script-types.ts';

/** A value as a script gets it, or why it does not get it. */
export type Cast = { readonly value: unknown } | { readonly misfit: string };

const noCast: Cast = {
  misfit:
    'Cast error details: Unable to cast Python instance to C++ type ' +
    '(#define PYBIND11_DETAILED_ERROR_MESSAGES or compile in debug mode for details)',
};

/** The value as one of this type. */
export function castTo(type: ScriptType, value: unknown): Cast {
  switch (type.kind) {
    case 'plain':
      return castPlain(type.name, value);
    case 'optional':
      return isNone(value) ? { value } : castTo(type.of, value);
    case 'list':
      return castList(type.of, value);
    case 'dict':
      return castDict(type, value);
    case 'tuple':
      return castTuple(type, value);
    case 'Future':
      return isObject(value) && isFutureHandle(value) ? { value } : noCast;
    case 'RRef':
      return isObject(value) && isRRefHandle(value) ? { value } : noCast;
    default:
      return unreachable(type);
  }
}

function castPlain(name: PlainType, value: unknown): Cast {
  switch (name) {
    case 'Any':
      return { value };
    case 'NoneType':
      return isNone(value) ? { value } : noCast;
    case 'Device':
    case 'str':
      return typeof value === 'string' ? { value } : noCast;
    case 'Tensor':
      return isTensor(value)
        ? { value }
        : { misfit: `Cast error details: Unable to cast ${strOf(value)} to Tensor` };
    case 'bool':
      return castBool(value);
    case 'float':
    case 'int':
      return castNumber(name, value);
    default:
      return unreachable(name);
  }
}

function castBool(value: unknown): Cast {
  const number = isNone(value) ? 0 : numberIn(value);
  return number === undefined ? noCast : { value: number !== 0 };
}

/** A number of Python that is none of the whole ones is no `int`; the element of a tensor may be. */
function castNumber(name: 'float' | 'int', value: unknown): Cast {
  const number = numberIn(value);
  if (number === undefined) return noCast;
  if (name === 'float') return { value: number };
  if (typeof value === 'number' && !Number.isInteger(value)) return noCast;
  return Math.abs(number) < 2 ** 63 ? { value: Math.trunc(number) } : noCast;
}

/** What is a number, or stands for one: a boolean, the only element of a tensor. */
function numberIn(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (!isTensor(value) || value.data.length !== 1) return undefined;
  return value.data[0];
}

/** Lists of these are read by pybind11 itself, which does not say what is wrong. */
const atOnce: ReadonlySet<string> = new Set(['Tensor', 'bool', 'float', 'int']);

function castList(of: ScriptType, value: unknown): Cast {
  if (of.kind === 'plain' && atOnce.has(of.name)) {
    const cast = Array.isArray(value) ? castEach(value, () => of) : noCast;
    return 'misfit' in cast ? noCast : cast;
  }
  const items = itemsOf(value);
  return items === undefined ? notIterable(value) : castEach(items, () => of);
}

function castTuple(type: ScriptType & { readonly kind: 'tuple' }, value: unknown): Cast {
  const items = itemsOf(value);
  if (items === undefined) return notIterable(value);
  const { of } = type;
  if (items.length !== of.length) {
    const text = `Object ${reprOf(value)} had a different number of elements than type ${annotationText(type)}`;
    return { misfit: `Cast error details: ${text}` };
  }
  // What is read is of the type at its place.
  return castEach(items, (index) => of[index] ?? { kind: 'plain', name: 'Any' });
}

function castEach(items: readonly unknown[], typeAt: (index: number) => ScriptType): Cast {
  const cast = items.map((each, index) => castTo(typeAt(index), each));
  return cast.find((each) => 'misfit' in each) ?? { value: cast.map(valueIn) };
}

function valueIn(cast: Cast): unknown {
  return 'value' in cast ? cast.value : undefined;
}

function castDict(type: ScriptType & { readonly kind: 'dict' }, value: unknown): Cast {
  const isRecord = isObject(value) && pythonTypeOf(value) === 'builtins.dict';
  if (!isRecord) return dictOf(value);
  const entries = Object.entries(value).map(([key, each]) => {
    const isNumber =
      type.key.kind === 'plain' && (type.key.name === 'int' || type.key.name === 'float');
    const named = castTo(type.key, isNumber && key.trim() !== '' ? Number(key) : key);
    return { cast: 'misfit' in named ? named : castTo(type.value, each), key };
  });
  const wrong = entries.find(({ cast }) => 'misfit' in cast);
  return (
    wrong?.cast ?? {
      value: Object.fromEntries(entries.map(({ cast, key }) => [key, valueIn(cast)])),
    }
  );
}

/** `dict(value)` of what is none. */
function dictOf(value: unknown): Cast {
  const items = itemsOf(value);
  if (items === undefined) return notIterable(value);
  const [first] = items;
  if (items.length === 0) return { value: {} };
  return typeof first === 'string'
    ? raised(
        `ValueError: dictionary update sequence element #0 has length ${first.length}; 2 is required`,
      )
    : raised('TypeError: cannot convert dictionary update sequence element #0 to a sequence');
}

/** What a loop of Python sees in it. */
function itemsOf(value: unknown): readonly unknown[] | undefined {
  if (typeof value === 'string') return Array.from(value);
  return Array.isArray(value) ? value : undefined;
}

function notIterable(value: unknown): Cast {
  return raised(`TypeError: '${classNameOf(pythonTypeOf(value))}' object is not iterable`);
}

function raised(text: string): Cast {
  return { misfit: ` Python error details: ${text}` };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
