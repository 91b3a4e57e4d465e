/** Distributed RPC and autograd: what user code is written with, and the cluster that runs it. */
export { cluster, type ClusterOptions } from './cluster.ts';
export { clusterParams, clusterSetting, type ClusterSetting } from './cluster-params.ts';
export type { DebugInfo } from '../machines/rpc/agent/debug-info.ts';
export type { FaultyBackendOptions } from '../machines/rpc/agent/backend.ts';
export {
  profileNames,
  switchNames,
  switchTable,
  type Profile,
  type SwitchName,
  type SwitchSettings,
} from '../machines/switches/switches.ts';
export { backwardModes, type BackwardMode } from '../machines/autograd/container.ts';
export { distAutograd, type BackwardOptions, type ContextInfo } from './dist-autograd.ts';
export {
  pythonError,
  runtimeError,
  typeError,
  undecodable,
  unpicklable,
  valueError,
} from './errors.ts';
export type { ClassParts, PythonClass } from './classes.ts';
export type { ClassShape, Instance, ProxyMode, RRefProxy } from './class-types.ts';
export { cuda, type Device } from './cuda.ts';
export {
  tensorPipeRpcBackendOptions,
  type BackendOptionsParts,
  type TensorPipeRpcBackendOptions,
} from './backend-options.ts';
export type { ClusterDevices } from './cluster-devices.ts';
export { globals } from './globals.ts';
export { clusterInvariants } from './properties/cluster-invariants.ts';
export type { Invariant, InvariantName, WatchedCluster } from './properties/invariant.ts';
export {
  autogradFunction,
  type FunctionContext,
  type FunctionParts,
  type SavedContext,
} from './autograd-function.ts';
export type { GradOptions, LocalBackwardOptions, RemovableHandle } from './local-autograd.ts';
export { optim, type DistributedOptimizer } from './optim/optim.ts';
export type { LocalOptimizer } from './optim/local-optimizer.ts';
export type {
  OptimizerClass,
  OptimizerParts,
  ParameterState,
  ParameterStep,
  SteppedParameter,
} from './optim/optimizer.ts';
export { jit, pickle } from './pickle.ts';
export {
  profiler,
  type ProfileOptions,
  type ProfileResult,
  type RecordFunction,
} from './profiler.ts';
export { keyAverages, timedEvents, type KeyAverage, type TimedEvent } from './profile-times.ts';
export type { ProfiledEvent } from '../machines/profiler/events.ts';
export { rpc, type CallArguments, type RRefOptions } from './rpc.ts';
export type { LeakOptions } from './rref-context.ts';
export type { Gathered, GatherOptions } from './group/gather.ts';
export type { BackendHandlers, BackendStart } from './group/backends.ts';
export type { InitOptions } from './group/init.ts';
export type { BackendOptions } from './group/options.ts';
export { processGroup } from './group/process-group.ts';
export type { ShutdownOptions, ShutdownParts } from './group/shutdown.ts';
export type { TensorOptions } from './tensors.ts';
export { torch, type Operand } from './torch.ts';
export { stuckSends, type StuckOptions, type StuckSend } from './stuck/report.ts';
export type { WhyWaiting } from './stuck/why-waiting.ts';
export type { MadeBy } from './stuck/where-made.ts';
export type { CallOptions, ContextId, FunctionCallOptions, Future, RRef } from './types.ts';
export { clusterView, mainOutcome, type WorkerView } from './view.ts';
