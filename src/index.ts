/** The runtime: deterministic actors, a world that is a value, runs that can be repeated. */
export type { Address, NodeId } from './core/brand.ts';
export { formatDuration, ms, seconds, us, zero, type Duration } from './core/duration.ts';
export { SimulationError, unreachable } from './core/errors.ts';
export {
  deleteIn,
  emptyMap,
  entriesOf,
  getIn,
  hasIn,
  keysOf,
  mapOf,
  setIn,
  sizeOf,
  valuesOf,
  type PersistentMap,
} from './core/persistent-map.ts';
export { isSame } from './core/same.ts';
export { check } from './explore/check/check.ts';
export type { CheckOptions, CheckProgress } from './explore/check/options.ts';
export type { Report } from './explore/check/report.ts';
export type { StrategyName } from './explore/check/strategy-names.ts';
export type { Vacuous } from './explore/check/vacuity.ts';
export type { CheckedViolation } from './explore/check/violations.ts';
export { divergenceOf, type Divergence } from './explore/divergence.ts';
export type { Limit, SearchLimits } from './explore/exhaustive/limits.ts';
export { search, type SearchResult } from './explore/exhaustive/search.ts';
export type { Progress, SearchOptions } from './explore/exhaustive/survey.ts';
export {
  emptyHistory,
  operationHistory,
  type ClientHistory,
  type EndedOperation,
  type History,
  type OpenOperation,
} from './explore/linearizability/history.ts';
export {
  explanationOf,
  isLinearizable,
  linearizable,
  type Explained,
} from './explore/linearizability/linearizable.ts';
export {
  register,
  writeOnceRegister,
  type RegisterOperation,
  type RegisterResult,
  type SequentialModel,
  type WriteOnceResult,
} from './explore/linearizability/sequential-model.ts';
export {
  agree,
  agreeAcross,
  allOf,
  always,
  atQuiescence,
  deadlockFree,
  eventually,
  leadsTo,
  never,
  sometimes,
  type LivenessProperty,
  type Observation,
  type Predicate,
  type Property,
} from './runtime/property.ts';
export { allAnswered, type AskMark } from './explore/patterns/all-answered.ts';
export { bearsFaults, type BearsFaultsOptions } from './explore/patterns/bears-faults.ts';
export { endsOnce } from './explore/patterns/ends-once.ts';
export {
  honestCount,
  type CountMark,
  type HonestCountOptions,
} from './explore/patterns/honest-count.ts';
export { neverBack, type LifeMark } from './explore/patterns/never-back.ts';
export { oneFact, type OneFactOptions } from './explore/patterns/one-fact.ts';
export { ownAnswers, type TakenMark } from './explore/patterns/own-answers.ts';
export { withPatterns, type Pattern, type Reading } from './explore/patterns/pattern.ts';
export type {
  Estimate,
  SampleProgress,
  SampleReport,
  SampleViolation,
} from './explore/sampling/report.ts';
export {
  createDrawsRunner,
  type DrawnRun,
  type DrawsRunner,
  type DrawsRunnerOptions,
} from './explore/sampling/draws-runner.ts';
export { sample, type SampleOptions } from './explore/sampling/sample.ts';
export {
  shrinkProgram,
  type ShrinkProgramOptions,
  type ShrunkProgram,
} from './explore/shrink/smaller-program.ts';
export { shrink, type Shrunk, type ShrinkOptions } from './explore/shrink/shrink.ts';
export {
  reduce,
  type ReduceOptions,
  type ReduceProgress,
  type ReduceResult,
} from './explore/reduction/reduce.ts';
export { byCoverage, type CoverageOptions } from './explore/strategies/coverage-guided.ts';
export { byDelays, type DelayOptions } from './explore/strategies/delay-bounded.ts';
export { draws } from './explore/strategies/draws.ts';
export { byFifo, fifo } from './explore/strategies/fifo.ts';
export { byTape } from './explore/strategies/given-tape.ts';
export { byPct, type PctOptions } from './explore/strategies/pct.ts';
export { byPos } from './explore/strategies/pos.ts';
export { byRandom, randomWalk } from './explore/strategies/random-walk.ts';
export type {
  Campaign,
  EndedRun,
  Misfortune,
  Schedules,
  Strategy,
} from './explore/strategies/strategy.ts';
export { bySurw, type SurwOptions } from './explore/strategies/surw.ts';
export {
  pictureElement,
  type Picture,
  type PictureElement,
  type PictureTag,
} from './runtime/picture.ts';
export type { ActorView, MessageView, View } from './runtime/view.ts';
export type { Loop, OtherRun, Violation } from './explore/violation.ts';
export type { Applied } from './kernel/apply.ts';
export { describeChoice, type Choice } from './kernel/choice.ts';
export type { EventObject, Local } from './kernel/effect.ts';
export type { Fact, Monitor } from './kernel/monitor.ts';
export type {
  FaultBudget,
  Input,
  LinkKind,
  NodeFault,
  PlannedFault,
  Transit,
  Verdict,
} from './kernel/rules.ts';
export { runSystem, type Chooser, type Run, type RunOptions } from './kernel/run.ts';
export type { Happening, Step } from './kernel/step.ts';
export { formatTape, parseTape, type Departure, type Tape } from './kernel/tape.ts';
export type { World } from './kernel/world.ts';
export {
  deliverAfter,
  dropped,
  type NetworkOptions,
  type NetworkRule,
  type PartitionOptions,
} from './network/network.ts';
export {
  defineFunctions,
  type Call,
  type FunctionRegistry,
  type Functions,
  type ResultOf,
  type UserFunction,
} from './program/function-registry.ts';
export { toFailure, type Failure } from './program/failure.ts';
export type { Limits } from './program/limits.ts';
export { locate, placesIn, type SourcePlace } from './program/locate.ts';
export type { ProgramHost } from './program/advance.ts';
export type { ProgramState } from './program/history.ts';
export type { LocalTable } from './program/local.ts';
export type { CurrentReader } from './program/segment.ts';
export { call, checkpoint, named, perform, type Program, type Request } from './program/request.ts';
export { userFunctionMachine } from './program/user-function.ts';
export { recorded } from './runtime/purity.ts';
export { outcomes, scripted, type OutcomesOptions, type ScriptStep } from './runtime/stand-ins.ts';
export type { Covered, MachineCoverage } from './runtime/coverage.ts';
export {
  defineSystem,
  type ActorDefinition,
  type System,
  type SystemDefinition,
} from './runtime/system.ts';
export type { Variant } from './runtime/variant.ts';
export { inspection, type InspectionObserver } from './runtime/inspection.ts';
export { itf, type ItfOptions } from './trace/exports/itf.ts';
export { mermaid, type MermaidOptions } from './trace/exports/mermaid.ts';
export { perfetto } from './trace/exports/perfetto.ts';
export { shiviz } from './trace/exports/shiviz.ts';
export { svg, type SvgOptions } from './trace/exports/svg.ts';
export { readTrace } from './trace/read.ts';
export { formatTrace, recordTrace, type RecordOptions } from './trace/record.ts';
export { brokenProperty } from './trace/broken.ts';
export { followTrace, type Followed, type FollowOptions } from './trace/follow.ts';
export { replayTrace, type Replay, type ReplayOptions } from './trace/replay.ts';
export type { RowOptions } from './trace/rows.ts';
export { spaceTime, type SpaceTimeOptions } from './trace/space-time.ts';
export { story, storyOf, type StoryOptions } from './trace/story.ts';
export type {
  BrokenProperty,
  Json,
  LogEntry,
  Trace,
  TracedRun,
  TracedSystem,
} from './trace/trace.ts';
export type { Label } from './trace/words.ts';
