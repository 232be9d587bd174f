import { randomUUID } from 'node:crypto'
import { context, propagation } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { GivenIds } from './given-ids.ts'
import type { Tracing, TracingOptions } from './options.ts'
import { WatchedExporter } from './watched-exporter.ts'

/** The end of a process waits no longer than this for the last delivery, ms. */
const closeMs = 3_000

/** Spans that wait for delivery, at most: a tick with instructions to thousands of units is recorded whole, and a collector that is down costs megabytes. */
const mostWaiting = 8_192

/** Longest value of an attribute, characters. */
const longestValue = 200

/** Makes and delivers spans with the SDK of OpenTelemetry, in a module of its own: what does not trace does not load it. */
export function startTracing(options: TracingOptions): Tracing {
  const { endpoint, serviceName, ratio, onDelivery, delayMs = 5_000, deliveryMs = 5_000 } = options
  // One of each for the program, however many processes it plays; a second registration changes nothing.
  context.setGlobalContextManager(new AsyncLocalStorageContextManager())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  const ids = new GivenIds()
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: deliveryMs,
  })
  const provider = new TracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({ 'service.name': serviceName, 'service.instance.id': randomUUID() }),
    ),
    sampler: samplerOf(ratio),
    idGenerator: ids,
    spanLimits: { attributeValueLengthLimit: longestValue },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new WatchedExporter(exporter, onDelivery),
        maxQueueSize: mostWaiting,
        scheduledDelayMillis: delayMs,
        exportTimeoutMillis: 2 * deliveryMs,
      }),
    ],
  })
  const tracer = provider.getTracer('ringmain')
  let closing: Promise<void> | null = null
  return {
    tracer,
    beginTrace: (place, name, options) => ids.at(place, () => tracer.startSpan(name, options)),
    close() {
      closing ??= within(closeMs, provider.shutdown())
      return closing
    },
  }
}

/**
 * The part of traces that is recorded follows from their identifiers, so that companies with the same ratio record the same ones. A caller can
 * say that a trace is not to be recorded, but not that it is: strangers would decide what we keep.
 */
function samplerOf(ratio: number): ParentBasedSampler {
  const byRatio = new TraceIdRatioBasedSampler(ratio)
  return new ParentBasedSampler({ root: byRatio, remoteParentSampled: byRatio })
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work.catch(() => undefined), over])
  clearTimeout(timer)
}
