/**
 * What a script is called with, held against its schema before anything is sent.
 *
 * @see PyTorch, `torch/csrc/jit/python/pybind_utils.h`, `createStackForSchema`, `argumentToIValue`;
 * `aten/src/ATen/core/function_schema.cpp`, `FunctionSchema::findErrorInKwargs`.
 */
import { classNameOf, isNone, pythonTypeOf } from '../../engine/python-types.ts';
import { torchCheck, TorchError } from '../../engine/torch-error.ts';
import type { ScriptParameter, ScriptSchema } from './parameters.ts';
import { reprOf } from './python-repr.ts';
import { annotationText } from './script-types.ts';
import { castTo } from './script-values.ts';

/** What a function is called with. */
export interface GivenArguments {
  readonly args: readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * All arguments in order, each as one of its type.
 *
 * @throws {TorchError} if they do not fit.
 */
export function scriptArguments(
  schema: ScriptSchema,
  { args, kwargs = {} }: GivenArguments,
): readonly unknown[] {
  const { name, parameters, text } = schema;
  const names = Object.keys(kwargs);
  const count = args.length + names.length;
  torchCheck(
    count <= parameters.length,
    `${name}() expected at most ${parameters.length} argument(s) but received ${count} argument(s). Declaration: ${text}`,
  );
  const bound = parameters.map((parameter, position) => {
    if (position < args.length) return cast(schema, { parameter, position, value: args[position] });
    if (Object.hasOwn(kwargs, parameter.name)) {
      return cast(schema, { parameter, position, value: kwargs[parameter.name] });
    }
    const { initial } = parameter;
    torchCheck(
      initial !== undefined,
      `${name}() is missing value for argument '${parameter.name}'. Declaration: ${text}`,
    );
    return initial.value;
  });
  checkNames(schema, { args, names });
  return bound;
}

interface GivenArgument {
  readonly parameter: ScriptParameter;
  readonly position: number;
  readonly value: unknown;
}

function cast(schema: ScriptSchema, { parameter, position, value }: GivenArgument): unknown {
  const { isInferred, name, type } = parameter;
  if (type.kind === 'plain' && type.name === 'Tensor') {
    // It is a tensor without elements, which does not travel.
    torchCheck(!isNone(value), 'tensor does not have a device');
  }
  const found = castTo(type, value);
  if ('value' in found) return found.value;
  const inferred = `Inferred '${name}' to be of type 'Tensor' because it was not annotated with an explicit type.\n`;
  throw new TorchError(
    'RuntimeError',
    `${schema.name}() Expected a value of type '${annotationText(type)}${isInferred ? ' (inferred)' : ''}' ` +
      `for argument '${name}' but instead found type '${classNameOf(pythonTypeOf(value))}'.\n` +
      `${isInferred ? inferred : ''}Position: ${position}\nValue: ${reprOf(value)}\n` +
      `Declaration: ${schema.text}\n${found.misfit}`,
  );
}

/** Each name that was given is one that no place has taken. */
function checkNames(
  { name, parameters, text }: ScriptSchema,
  { args, names }: { readonly args: readonly unknown[]; readonly names: readonly string[] },
): void {
  const known = parameters.map((parameter) => parameter.name);
  const unknown = names.find((each) => !known.includes(each));
  torchCheck(
    unknown === undefined,
    `Unknown keyword argument '${unknown}' for operator '${name}'. Schema: ${text}`,
  );
  const twice = known.slice(0, args.length).find((each) => names.includes(each));
  torchCheck(
    twice === undefined,
    `Argument '${twice}' specified both as positional and keyword argument. Schema: ${text}`,
  );
}
