import { type DestinationStream, type LogFn, pino } from 'pino'
import { describeError, messageOf } from '../errors/index.ts'
import { placeHere } from '../tracing/index.ts'

export type Log = import('pino').Logger

/**
 * A logger that names its process. It writes JSON lines to standard error, so that standard output is left to the command. Of an error it
 * writes only what `describeError` lists: never the parameters of a query (OWASP ASVS 5.0, 16.2.5). Where a request or task is traced, the
 * line names its `traceId` and `spanId`.
 * @param destination in place of standard error.
 */
export function createLog(
  name: string,
  level: string = process.env['RINGMAIN_LOG_LEVEL'] ?? 'info',
  destination: DestinationStream = pino.destination({ fd: 2, sync: true }),
): Log {
  const serializers = { err: describeError, error: describeError }
  return pino({ name, level, serializers, hooks: { logMethod: withSafeMessage }, mixin: placeHere }, destination)
}

/** pino makes the message of an error that is logged without one the line's own; an error is then logged like any other. */
function withSafeMessage(this: Log, args: Parameters<LogFn>, method: LogFn): void {
  const [first, ...others] = args as unknown[]
  const err = first instanceof Error ? first : errIn(first)
  if (err && others.length === 0) method.call(this, first === err ? { err } : first, messageOf(err))
  else method.apply(this, args)
}

function errIn(given: unknown): Error | null {
  return typeof given === 'object' && given !== null && 'err' in given && given.err instanceof Error ? given.err : null
}
