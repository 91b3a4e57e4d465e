/** The types of values as texts of PyTorch name them. */

const names = {
  bool: ['builtins.bool', 'bool'],
  dict: ['builtins.dict', 'Dict[str, Any]'],
  float: ['builtins.float', 'float'],
  future: ['torch._C.Future', 'Future'],
  int: ['builtins.int', 'int'],
  list: ['builtins.list', 'List[Any]'],
  none: ['builtins.NoneType', 'NoneType'],
  rref: ['torch._C._distributed_rpc.PyRRef', 'RRef'],
  str: ['builtins.str', 'str'],
  tensor: ['torch.Tensor', 'Tensor'],
} as const;

type Kind = keyof typeof names;

/** Module and name of the class in Python. */
export function pythonTypeOf(value: unknown): string {
  return names[kindOf(value)][0];
}

/** The type in TorchScript. */
export function scriptTypeOf(value: unknown): string {
  return names[kindOf(value)][1];
}

function kindOf(value: unknown): Kind {
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float';
    case 'string':
      return 'str';
    case 'object':
      return value === null ? 'none' : kindOfObject(value);
    default:
      return 'none';
  }
}

function kindOfObject(value: object): Kind {
  if (Array.isArray(value)) return 'list';
  const type = 'type' in value ? value.type : undefined;
  return type === 'future' || type === 'rref' || type === 'tensor' ? type : 'dict';
}
