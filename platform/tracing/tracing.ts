import type { Tracing, TracingOptions } from './options.ts'

/** Begins to trace. Only then is the SDK loaded. */
export async function openTracing(options: TracingOptions): Promise<Tracing> {
  const { startTracing } = await import('./sdk.ts')
  return startTracing(options)
}
