import { type Context, context, propagation } from '@opentelemetry/api'

/** Adds the headers of W3C Trace Context for the span under way. */
export function tellTrace(headers: Headers): void {
  propagation.inject(context.active(), headers, { set: (to, name, value) => to.set(name, value) })
}

/** What a caller's headers say that a request continues; what is not of the standard counts as nothing. */
export function toldTrace(nothing: Context, headerOf: (name: string) => string | undefined): Context {
  return propagation.extract(nothing, headerOf, { keys: () => [], get: (from, name) => from(name) })
}
