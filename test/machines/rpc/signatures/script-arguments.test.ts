/* oxlint-disable max-params -- the columns of a table */
/** The texts are those that PyTorch 1.13 was seen to print for the same schemas and arguments. */
import { describe, expect, test } from 'vitest';

import { tensor } from '../../../../machines/engine/tensor.ts';
import { TorchError } from '../../../../machines/engine/torch-error.ts';
import { scriptSchema } from '../../../../machines/rpc/signatures/parameters.ts';
import { scriptArguments } from '../../../../machines/rpc/signatures/script-arguments.ts';

const ones = (...shape: readonly number[]) =>
  tensor(
    Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () => 1),
    { shape },
  );
const none = JSON.parse('null') as unknown;

/** What the script gets, or what PyTorch says instead. */
function bind(
  schema: string,
  args: readonly unknown[],
  kwargs?: Readonly<Record<string, unknown>>,
): unknown {
  try {
    return scriptArguments(scriptSchema(schema), { args, kwargs });
  } catch (error) {
    if (error instanceof TorchError) return `${error.type}: ${error.message}`;
    throw error;
  }
}

const one = 'js_one(int x) -> int';
const two = 'js_two(int x, int y=3) -> int';
const opt = 'js_opt(int? x, float f=1.5, bool b=True, int? n=None, str q="a") -> float';
const list = 'js_list(int[] xs, str s, Dict(str, int) d) -> int';

describe('the number of arguments, and their names', () => {
  test.each([
    [
      one,
      [1, 2],
      undefined,
      'js_one() expected at most 1 argument(s) but received 2 argument(s). Declaration: js_one(int x) -> int',
    ],
    [
      one,
      [],
      undefined,
      "js_one() is missing value for argument 'x'. Declaration: js_one(int x) -> int",
    ],
    [
      one,
      [1],
      { y: 1 },
      'js_one() expected at most 1 argument(s) but received 2 argument(s). Declaration: js_one(int x) -> int',
    ],
    [
      one,
      [],
      { y: 1 },
      "js_one() is missing value for argument 'x'. Declaration: js_one(int x) -> int",
    ],
    [
      two,
      [],
      { y: 5 },
      "js_two() is missing value for argument 'x'. Declaration: js_two(int x, int y=3) -> int",
    ],
    [
      two,
      [1],
      { z: 5 },
      "Unknown keyword argument 'z' for operator 'js_two'. Schema: js_two(int x, int y=3) -> int",
    ],
    [
      two,
      [1],
      { x: 5 },
      "Argument 'x' specified both as positional and keyword argument. Schema: js_two(int x, int y=3) -> int",
    ],
    [list, [[]], undefined, `js_list() is missing value for argument 's'. Declaration: ${list}`],
    [
      'js_none() -> int',
      [1],
      undefined,
      'js_none() expected at most 0 argument(s) but received 1 argument(s). Declaration: js_none() -> int',
    ],
  ] as const)('%s %j %j is an error', (schema, args, kwargs, text) => {
    expect(bind(schema, args, kwargs)).toBe(`RuntimeError: ${text}`);
  });

  test('are filled up with what stands for them', () => {
    expect(bind(two, [1])).toEqual([1, 3]);
    expect(bind(two, [1], { y: 5 })).toEqual([1, 5]);
    expect(bind(two, [], { y: 5, x: 2 })).toEqual([2, 5]);
    expect(bind(opt, [none])).toEqual([none, 1.5, true, undefined, 'a']);
  });
});

const no = (type: string) => ` Python error details: TypeError: '${type}' object is not iterable`;

describe('the type of an argument', () => {
  const cast =
    'Cast error details: Unable to cast Python instance to C++ type ' +
    '(#define PYBIND11_DETAILED_ERROR_MESSAGES or compile in debug mode for details)';
  const says = (type: string, name: string, found: string, value: string, details = cast) =>
    new RegExp(
      `^RuntimeError: \\w+\\(\\) Expected a value of type '${escaped(type)}' for argument '${name}' but instead ` +
        `found type '${found}'\\.\\n(Inferred .*\\n)?Position: \\d\\nValue: ${escaped(value)}\\nDeclaration: .*\\n${escaped(details)}$`,
    );
  const tuple = 'js_tuple((int, str) p) -> int';
  const dict = 'js_dict(Dict(str, Tensor) d) -> int';
  const inner = 'js_lt2((int, str)[] x) -> int';

  test('that is wrong is said at length', () => {
    expect(bind(two, [1], { y: '5' })).toBe(
      "RuntimeError: js_two() Expected a value of type 'int' for argument 'y' but instead found type 'str'.\n" +
        "Position: 1\nValue: '5'\nDeclaration: js_two(int x, int y=3) -> int\n" +
        cast,
    );
    expect(bind('js_tensor(t) -> Tensor', ['s'])).toBe(
      "RuntimeError: js_tensor() Expected a value of type 'Tensor (inferred)' for argument 't' but instead found type " +
        "'str'.\nInferred 't' to be of type 'Tensor' because it was not annotated with an explicit type.\n" +
        "Position: 0\nValue: 's'\nDeclaration: js_tensor(Tensor t) -> Tensor\nCast error details: Unable to cast s to Tensor",
    );
    expect(bind('js_tensor(Tensor t) -> Tensor', [none])).toBe(
      'RuntimeError: tensor does not have a device',
    );
  });

  test.each([
    [one, 1.5, says('int', 'x', 'float', '1.5')],
    [one, none, says('int', 'x', 'NoneType', 'None')],
    [one, [1], says('int', 'x', 'list', '[1]')],
    [one, { a: 1 }, says('int', 'x', 'dict', "{'a': 1}")],
    [one, "a'b", says('int', 'x', 'str', `"a'b"`)],
    [
      one,
      [1, { a: [true, none, 1.5, 'x"'] }],
      says('int', 'x', 'list', `[1, {'a': [True, None, 1.5, 'x"']}]`),
    ],
    [one, { class: 'C' }, says('int', 'x', 'C', '<__main__.C object>')],
    [one, ones(2, 2), says('int', 'x', 'Tensor', 'tensor([[1., 1.],\n        [1., 1.]])')],
    [one, tensor([0.5, 1.25]), says('int', 'x', 'Tensor', 'tensor([0.5000, 1.2500])')],
    [one, 2 ** 70, says('int', 'x', 'int', '1180591620717411303424')],
    [opt, 's', says('Optional[int]', 'x', 'str', "'s'")],
    [list, ['a'], says('List[int]', 'xs', 'list', "['a']")],
    [list, 'ab', says('List[int]', 'xs', 'str', "'ab'")],
    [list, ones(2), says('List[int]', 'xs', 'Tensor', 'tensor([1., 1.])')],
    ['js_lt(Tensor[] ts) -> Tensor', [1], says('List[Tensor]', 'ts', 'list', '[1]')],
    ['js_lstr(str[] x) -> int', 3, says('List[str]', 'x', 'int', '3', no('int'))],
    ['js_lstr(str[] x) -> int', ['ab', 3], says('List[str]', 'x', 'list', "['ab', 3]")],
    ['js_lo(int?[] x) -> int', [1, 'a'], says('List[Optional[int]]', 'x', 'list', "[1, 'a']")],
    [
      'js_optt(Tensor? x) -> int',
      3,
      says('Optional[Tensor]', 'x', 'int', '3', 'Cast error details: Unable to cast 3 to Tensor'),
    ],
    [
      tuple,
      [1, 'a', 2],
      says(
        'Tuple[int, str]',
        'p',
        'list',
        "[1, 'a', 2]",
        "Cast error details: Object [1, 'a', 2] had a different number of elements than type Tuple[int, str]",
      ),
    ],
    [tuple, [1, 2], says('Tuple[int, str]', 'p', 'list', '[1, 2]')],
    [tuple, none, says('Tuple[int, str]', 'p', 'NoneType', 'None', no('NoneType'))],
    [inner, [[1, 2]], says('List[Tuple[int, str]]', 'x', 'list', '[[1, 2]]')],
    [inner, [3], says('List[Tuple[int, str]]', 'x', 'list', '[3]', no('int'))],
    [
      dict,
      { a: 1 },
      says(
        'Dict[str, Tensor]',
        'd',
        'dict',
        "{'a': 1}",
        'Cast error details: Unable to cast 1 to Tensor',
      ),
    ],
    [dict, 3, says('Dict[str, Tensor]', 'd', 'int', '3', no('int'))],
    [
      dict,
      [3],
      says(
        'Dict[str, Tensor]',
        'd',
        'list',
        '[3]',
        ' Python error details: TypeError: cannot convert dictionary update sequence element #0 to a sequence',
      ),
    ],
    [
      dict,
      'ab',
      says(
        'Dict[str, Tensor]',
        'd',
        'str',
        "'ab'",
        ' Python error details: ValueError: dictionary update sequence element #0 has length 1; 2 is required',
      ),
    ],
    ['js_rref(RRef(int) r) -> int', 3, says('RRef[int]', 'r', 'int', '3')],
    ['js_bool(bool b) -> bool', [1], says('bool', 'b', 'list', '[1]')],
    ['js_bool(bool b) -> bool', '', says('bool', 'b', 'str', "''")],
    ['js_bool(bool b) -> bool', ones(2), says('bool', 'b', 'Tensor', 'tensor([1., 1.])')],
  ] as const)('%s does not take %j', (schema, value, text) => {
    const rest = schema === list ? ['s', {}] : [];
    expect(bind(schema, [value, ...rest])).toMatch(text);
  });

  test.each([
    [one, true, 1],
    [one, ones(1), 1],
    [one, tensor([1.5]), 1],
    ['js_float(float f) -> float', 1, 1],
    ['js_float(float f) -> float', true, 1],
    ['js_float(float f) -> float', tensor([1.5]), 1.5],
    ['js_bool(bool b) -> bool', 1.5, true],
    ['js_bool(bool b) -> bool', none, false],
    ['js_bool(bool b) -> bool', tensor([0]), false],
    ['js_lstr(str[] x) -> int', 'ab', ['a', 'b']],
    ['js_do(Dict(int, float) x) -> int', { 1: 2 }, { 1: 2 }],
    ['js_dict(Dict(str, Tensor) d) -> int', [], {}],
    ['js_lf(float[] x) -> int', [1, 2.5, true], [1, 2.5, 1]],
    ['js_any(Any x) -> int', [1, 'a'], [1, 'a']],
    [tuple, [1, 'a'], [1, 'a']],
  ] as const)('%s takes %j as %j', (schema, value, taken) => {
    expect(bind(schema, [value])).toEqual([taken]);
  });
});

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
