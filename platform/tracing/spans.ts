import { type Attributes, type Link, type Span, SpanKind, type SpanOptions, SpanStatusCode } from '@opentelemetry/api'

/** A span before it begins. Names and values must hold nothing of a person, no secret, and few different names. */
export interface StatedSpan {
  readonly name: string
  readonly attributes?: Attributes
  readonly kind?: SpanKind
  readonly links?: Link[]
}

/** Marks a span as failed by the kind of its error alone: what a message says may be anybody's data, and the log has it. */
export function failSpan(span: Span, kind: string): void {
  span.setAttribute('error.type', kind)
  span.setStatus({ code: SpanStatusCode.ERROR })
}

/** Notes the status of an HTTP answer. @param failsFrom the least that counts as a failure: a caller's mistake is none of the server's. */
export function noteStatus(span: Span, status: number, failsFrom: number): void {
  span.setAttribute('http.response.status_code', status)
  if (status >= failsFrom) failSpan(span, String(status))
}

/** The same in the terms of OpenTelemetry. */
export function optionsOf({ attributes = {}, kind = SpanKind.INTERNAL, links = [] }: StatedSpan): SpanOptions {
  return { attributes, kind, links }
}
