import {
  type Attributes,
  type Context,
  context,
  createContextKey,
  type Link,
  type Span,
  type SpanOptions,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { type TracePlace, tracePlaceOf } from '../../schemas/vocabulary/trace.ts'
import { codeOf } from '../errors/index.ts'
import { failSpan, optionsOf, type StatedSpan } from './spans.ts'

/** What makes the spans of one process: of several in one program, such as the demo, each has its own. */
export interface SpanMaker {
  readonly tracer: Tracer
  /** Begins a trace under given identifiers. */
  beginTrace(place: TracePlace, name: string, options: SpanOptions): Span
}

/** The work of a span; `undefined`: it is not traced. */
export type Work<T> = (span: Span | undefined) => Promise<T>

/** The request or task under way: its span, and who makes those of its parts. */
interface Entry {
  readonly maker: SpanMaker
  readonly span: Span
}

const entryKey = createContextKey('ringmain request or task')

/** Without tracing there is none. */
function entryHere(): Entry | undefined {
  return context.active().getValue(entryKey) as Entry | undefined
}

/** Begins what is not part of anything under way: a request or a task. @param parent what it continues; `ROOT_CONTEXT` for nothing. */
export function beginSpan<T>(
  maker: SpanMaker,
  parent: Context,
  stated: StatedSpan,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const span = maker.tracer.startSpan(stated.name, optionsOf(stated), parent)
  return runIn(parent.setValue(entryKey, { maker, span } satisfies Entry), span, work)
}

/** Does a part of the request or task under way, in a span of its own. Outside of any, and without tracing, it is just done. */
export function inSpan<T>(stated: StatedSpan, work: Work<T>): Promise<T> {
  const entry = entryHere()
  return entry ? beginPart(entry, context.active(), stated, work) : work(undefined)
}

/** Does something about what has this UUID in the trace of that (`tracePlaceOf`), linked to the request or task under way. */
export function inTraceOf<T>(id: string, stated: StatedSpan, work: Work<T>): Promise<T> {
  const [entry, place] = [entryHere(), tracePlaceOf(id)]
  if (!entry || !place || isHere(place)) return inSpan(stated, work)
  // Whether it is recorded follows from the identifier alone, so that both companies decide alike.
  const first = { ...place, traceFlags: TraceFlags.SAMPLED, isRemote: true }
  const parent = trace.setSpanContext(context.active(), first)
  return beginPart(entry, parent, { ...stated, links: linksHere() }, work)
}

/** Begins the trace of what has this UUID, linked to the request or task that has made it. */
export function beginTraceOf(id: string, stated: StatedSpan): void {
  const [entry, place] = [entryHere(), tracePlaceOf(id)]
  if (!entry || !place) return
  const options = { ...optionsOf(stated), root: true, links: linksHere() }
  entry.maker.beginTrace(place, stated.name, options).end()
}

/** Notes what the request or task under way is about, on its own span. @param id the UUID of something with a trace of its own. */
export function noteOnSpan(attributes: Attributes, id?: string): void {
  const span = entryHere()?.span
  if (!span) return
  span.setAttributes(attributes)
  const place = id === undefined ? null : tracePlaceOf(id)
  if (place && !isHere(place)) span.addLink({ context: { ...place, traceFlags: TraceFlags.SAMPLED } })
}

/** The trace and span under way, as a log line names them; empty without any. */
export function placeHere(): Partial<TracePlace> {
  const span = trace.getActiveSpan()
  if (!span) return {}
  const { traceId, spanId } = span.spanContext()
  return { traceId, spanId }
}

/** A link to the request or task under way. */
export function linksHere(): Link[] {
  const span = trace.getActiveSpan()
  return span ? [{ context: span.spanContext() }] : []
}

function isHere({ traceId }: TracePlace): boolean {
  return trace.getActiveSpan()?.spanContext().traceId === traceId
}

function beginPart<T>({ maker }: Entry, parent: Context, stated: StatedSpan, work: Work<T>): Promise<T> {
  return runIn(parent, maker.tracer.startSpan(stated.name, optionsOf(stated), parent), work)
}

function runIn<T>(parent: Context, span: Span, work: (span: Span) => Promise<T>): Promise<T> {
  return context.with(trace.setSpan(parent, span), async () => {
    try {
      return await work(span)
    } catch (error) {
      failSpan(span, codeOf(error) || (error instanceof Error ? error.name : 'unknown'))
      throw error
    } finally {
      span.end()
    }
  })
}
