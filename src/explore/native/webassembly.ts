/** What is used of WebAssembly, which no library that is compiled with declares. */

/** Memory that threads share: what grows stays where it is, so views of it stay valid. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  readonly grow: (pages: number) => number;
}

/** Compiled code, which can be sent to other threads. */
export interface CompiledCode {
  readonly [Symbol.toStringTag]: string;
}

declare const WebAssembly: {
  readonly Instance: new (
    code: CompiledCode,
    imports: { readonly env: { readonly memory: SharedMemory } },
  ) => { readonly exports: unknown };
  readonly Memory: new (limits: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: true;
  }) => SharedMemory;
  readonly Module: new (bytes: Uint8Array) => CompiledCode;
};

/** Code from its bytes. */
export function compile(bytes: Uint8Array): CompiledCode {
  return new WebAssembly.Module(bytes);
}

/** Memory that can grow to `maximum` pages, at once or not at all. */
export function reserve(initial: number, maximum: number): SharedMemory {
  return new WebAssembly.Memory({ initial, maximum, shared: true });
}

/** What code offers over some memory. */
export function instantiate(code: CompiledCode, memory: SharedMemory): unknown {
  return new WebAssembly.Instance(code, { env: { memory } }).exports;
}
