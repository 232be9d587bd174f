export {
  beginSpan,
  beginTraceOf,
  inSpan,
  inTraceOf,
  noteOnSpan,
  placeHere,
  type SpanMaker,
} from './active.ts'
export { tellTrace, toldTrace } from './headers.ts'
export type { Tracing } from './options.ts'
export { noteStatus } from './spans.ts'
export { tracedClock } from './traced-clock.ts'
export { openTracing } from './tracing.ts'
