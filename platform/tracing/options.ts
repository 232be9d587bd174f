import type { SpanMaker } from './active.ts'
import type { DeliveryObserver } from './watched-exporter.ts'

/** How a process traces. */
export interface TracingOptions {
  /** The collector's address for OTLP over HTTP, such as `http://127.0.0.1:4318`; spans go to `/v1/traces` below it. */
  endpoint: string
  /** What its spans name it: `ringmain-server`. */
  serviceName: string
  /** The part of traces that is recorded, 0 to 1. */
  ratio: number
  onDelivery: DeliveryObserver
  /** How long spans wait for others to be delivered with, ms; by default 5 s. */
  delayMs?: number
  /** A delivery, repeats included, is given up after this time, ms; by default 5 s: the collector is near, or it is down. */
  deliveryMs?: number
}

/** The tracing of a process. */
export interface Tracing extends SpanMaker {
  /** Delivers what waits, and ends; it takes no longer than 3 s, whatever the collector does. */
  close(): Promise<void>
}
