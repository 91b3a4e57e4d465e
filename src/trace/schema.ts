/** The JSON Schema of version 1 of the trace file; published as `docs/trace.schema.json`. */
import { traceFormat, traceVersion } from './trace.ts';

const text = { type: 'string', maxLength: 10_000 };
const name = { type: 'string', minLength: 1, maxLength: 1_000 };
const count = { type: 'integer', minimum: 0, maximum: 100_000_000 };
const hash = { type: 'string', pattern: '^[0-9a-f]{16}$' };

const departures = {
  type: 'array',
  maxItems: 10_000_000,
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['at', 'take'],
    properties: { at: name, take: name },
  },
};
const tape = { type: 'string' };
const ended = { enum: ['quiescent', 'steps-max', 'until'] };

/** What `readTrace` holds a file to. */
export const traceSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Orrery trace',
  description:
    'A run of a deterministic system: its name, its departures, and what came of it. Choices have causal ' +
    'names: that of a message or timer is made of its sender, its receiver, the step that caused it and ' +
    'which send of that step it was.',
  type: 'object',
  additionalProperties: false,
  required: [
    'format',
    'version',
    'id',
    'madeBy',
    'system',
    'departures',
    'tape',
    'ended',
    'steps',
    'hash',
  ],
  properties: {
    format: { const: traceFormat },
    version: { const: traceVersion },
    id: name,
    madeBy: {
      type: 'object',
      additionalProperties: false,
      required: ['orrery'],
      properties: { orrery: name },
    },
    system: {
      type: 'object',
      additionalProperties: false,
      required: ['name', 'params', 'start'],
      properties: {
        name,
        params: { type: 'object' },
        start: hash,
        variant: {
          type: 'object',
          additionalProperties: false,
          properties: {
            faults: { type: 'object', additionalProperties: count },
            time: { enum: ['timed', 'untimed'] },
          },
        },
      },
    },
    departures,
    tape,
    ended,
    steps: count,
    log: {
      type: 'array',
      maxItems: 10_000_000,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'what', 'hash'],
        properties: { name, what: text, hash: { type: 'string', pattern: '^[0-9a-f]{8}$' } },
      },
    },
    hash,
    property: {
      type: 'object',
      additionalProperties: false,
      required: ['name', 'message'],
      properties: {
        name,
        message: text,
        kind: {
          enum: [
            'always',
            'never',
            'sometimes',
            'atQuiescence',
            'deadlockFree',
            'eventually',
            'leadsTo',
            'agree',
            'agreeAcross',
          ],
        },
        loop: {
          type: 'object',
          additionalProperties: false,
          required: ['from'],
          properties: { from: count },
        },
        other: {
          type: 'object',
          additionalProperties: false,
          required: ['departures', 'tape', 'ended', 'steps', 'hash'],
          properties: { system: name, departures, tape, ended, steps: count, hash },
        },
      },
    },
  },
} as const;
