import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace'
import { codeOf, messageOf } from '../errors/index.ts'

/** Told why spans cannot be delivered, and by `null` that they are again: once for each change. */
export type DeliveryObserver = (fault: string | null) => void

/** An exporter whose failures are told once and reach nobody else: what it could not deliver is lost. */
export class WatchedExporter implements SpanExporter {
  readonly #exporter: SpanExporter
  readonly #onChange: DeliveryObserver
  #hasFailed = false

  constructor(exporter: SpanExporter, onChange: DeliveryObserver) {
    this.#exporter = exporter
    this.#onChange = onChange
  }

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.#exporter.export(spans, ({ code, error }) => {
      this.#note(code === ExportResultCode.SUCCESS ? null : error)
      done({ code: ExportResultCode.SUCCESS })
    })
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown()
  }

  async forceFlush(): Promise<void> {
    await this.#exporter.forceFlush?.()
  }

  #note(error: Error | null | undefined): void {
    const hasFailed = error !== null
    if (hasFailed === this.#hasFailed) return
    this.#hasFailed = hasFailed
    this.#onChange(hasFailed ? faultOf(error) : null)
  }
}

/** Of a failed connection Node may say the code alone; of an answer the exporter has the status as its code. */
function faultOf(error: Error | undefined): string {
  if (!error) return 'no reason given'
  const status = 'code' in error && typeof error.code === 'number' ? `HTTP ${error.code}` : codeOf(error)
  return `${status} ${messageOf(error)}`.trim()
}
