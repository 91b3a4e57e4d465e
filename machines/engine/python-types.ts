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

/** The class of tensors. */
export const tensorType = names.tensor[0];

const mainModule = '__main__.';

/** Module and name of the class in Python; classes of user code are in the module `__main__`. */
export function pythonTypeOf(value: unknown): string {
  const own = classOf(value);
  return own === undefined ? names[kindOf(value)][0] : `${mainModule}${own}`;
}

/** The name that C++ has for it: without a module where that is what Python builds in, or user code. */
export function typeNameOf(value: unknown): string {
  return pythonTypeOf(value).replace(/^(?:builtins|__main__)\./, '');
}

/** Whether it is what Python calls `None`. */
export function isNone(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

/** The name of the class without its module. */
export function classNameOf(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1);
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

/** Whether it is a module of TorchScript. */
export function isScriptModule(value: unknown): boolean {
  const isMarked = typeof value === 'object' && value !== null && 'isScript' in value;
  return isMarked && value.isScript === true && classOf(value) !== undefined;
}

/** The class of an object of user code. */
function classOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('class' in value)) return undefined;
  return typeof value.class === 'string' ? value.class : undefined;
}

function kindOfObject(value: object): Kind {
  if (Array.isArray(value)) return 'list';
  const type = 'type' in value ? value.type : undefined;
  return type === 'future' || type === 'rref' || type === 'tensor' ? type : 'dict';
}
