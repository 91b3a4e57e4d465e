import type { ForwardAutogradReq, RequestBody, RunWithProfilingReq } from './messages.ts';

type Envelope = ForwardAutogradReq | RunWithProfilingReq;

/** A request without the envelopes of profiling and autograd. */
export function innerOf(request: RequestBody): Exclude<RequestBody, Envelope> {
  const body = unprofiled(request);
  return body.type === 'FORWARD_AUTOGRAD_REQ' ? body.inner : body;
}

/** The part of a request that puts it into an autograd context, if it is in one. */
export function autogradPartOf(request: RequestBody): ForwardAutogradReq | undefined {
  const body = unprofiled(request);
  return body.type === 'FORWARD_AUTOGRAD_REQ' ? body : undefined;
}

function unprofiled(request: RequestBody): Exclude<RequestBody, RunWithProfilingReq> {
  return request.type === 'RUN_WITH_PROFILING_REQ' ? request.inner : request;
}
