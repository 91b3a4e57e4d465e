/**
 * Types of TorchScript, as schemas write them and as errors name them.
 *
 * @see PyTorch, `aten/src/ATen/core/type.cpp`, `Type::str`, `annotation_str`; `jit/frontend/schema_type_parser.cpp`.
 */
import { unreachable } from '../../../src/core/errors.ts';
import type { Reader } from './tokens.ts';
import { namePattern } from './tokens.ts';

/** A type. */
export type ScriptType =
  | { readonly kind: 'plain'; readonly name: PlainType }
  | { readonly kind: 'dict'; readonly key: ScriptType; readonly value: ScriptType }
  | { readonly kind: 'Future' | 'RRef' | 'list' | 'optional'; readonly of: ScriptType }
  | { readonly kind: 'tuple'; readonly of: readonly ScriptType[] };

const plainTypes = ['Any', 'Device', 'NoneType', 'Tensor', 'bool', 'float', 'int', 'str'] as const;

/** A type without parts. */
export type PlainType = (typeof plainTypes)[number];

/** The type of tensors. */
export const tensorScriptType: ScriptType = { kind: 'plain', name: 'Tensor' };

/**
 * Reads a type: `int`, `int[]`, `int?`, `Dict(str, int)`, `(int, str)`, `RRef(int)`.
 *
 * @throws {SimulationError} `rpc/bad-declaration` if there is none.
 */
export function readType(reader: Reader): ScriptType {
  let type = readBase(reader);
  for (;;) {
    if (reader.accept('?')) {
      type = { kind: 'optional', of: type };
    } else if (reader.accept('[')) {
      reader.expect(']');
      type = { kind: 'list', of: type };
    } else {
      return type;
    }
  }
}

function readBase(reader: Reader): ScriptType {
  if (reader.accept('(')) return { kind: 'tuple', of: readTypes(reader) };
  const name = reader.take(namePattern, 'a type');
  const plain = plainTypes.find((each) => each === name);
  if (plain !== undefined) return { kind: 'plain', name: plain };
  reader.expect('(');
  const [first, second, ...more] = readTypes(reader);
  if (more.length === 0 && first !== undefined) {
    if (name === 'Dict' && second !== undefined) return { kind: 'dict', key: first, value: second };
    if ((name === 'RRef' || name === 'Future') && second === undefined) {
      return { kind: name, of: first };
    }
  }
  throw reader.misread(`another type in place of "${name}"`);
}

/** The types up to the bracket that closes. */
function readTypes(reader: Reader): readonly ScriptType[] {
  const types: ScriptType[] = [];
  while (!reader.accept(')')) {
    if (types.length > 0) reader.expect(',');
    types.push(readType(reader));
  }
  return types;
}

/** A type as schemas write it. */
export function schemaText(type: ScriptType): string {
  switch (type.kind) {
    case 'plain':
      return type.name;
    case 'dict':
      return `Dict(${schemaText(type.key)}, ${schemaText(type.value)})`;
    case 'Future':
    case 'RRef':
      return `${type.kind}(${schemaText(type.of)})`;
    case 'list':
      return `${schemaText(type.of)}[]`;
    case 'optional':
      return `${schemaText(type.of)}?`;
    case 'tuple':
      return `(${type.of.map(schemaText).join(', ')})`;
    default:
      return unreachable(type);
  }
}

/** A type as errors name it, which is how Python annotates it. */
export function annotationText(type: ScriptType): string {
  switch (type.kind) {
    case 'plain':
      return type.name;
    case 'dict':
      return `Dict[${annotationText(type.key)}, ${annotationText(type.value)}]`;
    case 'Future':
    case 'RRef':
      return `${type.kind}[${annotationText(type.of)}]`;
    case 'list':
      return `List[${annotationText(type.of)}]`;
    case 'optional':
      return `Optional[${annotationText(type.of)}]`;
    case 'tuple':
      return `Tuple[${type.of.map(annotationText).join(', ')}]`;
    default:
      return unreachable(type);
  }
}
