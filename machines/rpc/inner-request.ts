import type { RequestBody } from './messages.ts';

/** A request without the envelope of autograd. */
export function innerOf(
  request: RequestBody,
): Exclude<RequestBody, { readonly type: 'FORWARD_AUTOGRAD_REQ' }> {
  return request.type === 'FORWARD_AUTOGRAD_REQ' ? request.inner : request;
}
