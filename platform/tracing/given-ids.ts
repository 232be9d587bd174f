import { type IdGenerator, RandomIdGenerator } from '@opentelemetry/sdk-trace'
import type { TracePlace } from '../../schemas/vocabulary/trace.ts'

/** Random identifiers, but for a trace that begins under given ones. */
export class GivenIds implements IdGenerator {
  readonly #random = new RandomIdGenerator()
  #given: TracePlace | null = null

  /** Begins a span at a place. The SDK asks for its identifiers while it begins it, so no other span gets them. */
  at<T>(place: TracePlace, begin: () => T): T {
    this.#given = place
    try {
      return begin()
    } finally {
      this.#given = null
    }
  }

  generateTraceId(): string {
    return this.#given?.traceId ?? this.#random.generateTraceId()
  }

  generateSpanId(): string {
    return this.#given?.spanId ?? this.#random.generateSpanId()
  }
}
