/**
 * Modules of TorchScript as values of references: they do not leave their owner, and their reference says by
 * which interface they are used.
 *
 * @see PyTorch, `py_rref.cpp`, `tryInferTypeWithTypeHint`; `jit/passes`, `RRef` in TorchScript.
 */
import { isScriptModule } from '../../engine/python-types.ts';
import { torchCheck } from '../../engine/torch-error.ts';
import { pyObject } from '../../rref/ids.ts';
import { innerOf } from '../agent/inner-request.ts';
import type { WorkerContext } from '../context.ts';
import { threadOf } from '../threads/thread.ts';

const moduleMark = 'module ';

/**
 * The type of a reference to a local value.
 *
 * @throws {TorchError} if a module of TorchScript has no hint, or something else has one.
 */
export function typeFor(value: unknown, typeHint: string | undefined): string {
  if (!isScriptModule(value)) {
    torchCheck(
      typeHint === undefined,
      'type_hint should only be specified when the RRef being created contains a ScriptModule.',
    );
    return pyObject;
  }
  torchCheck(
    typeHint !== undefined,
    'The RRef being created contains a ScriptModule, must provide its ModuleInterface type hint.',
  );
  return `${moduleMark}${typeHint}`;
}

/** Whether references of this type are to modules of TorchScript. */
export function isModuleType(typeName: string): boolean {
  return typeName.startsWith(moduleMark);
}

/** Whether the function of a thread is one of TorchScript. */
export function isScriptThread(context: WorkerContext, name: string): boolean {
  const { request } = threadOf(context, name);
  return request !== undefined && innerOf(request).type.startsWith('SCRIPT_');
}
