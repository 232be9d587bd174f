import { SystemClock, sayStep } from '../platform/clock/index.ts'
import { createLog, type Log } from '../platform/log/index.ts'
import { ProcessMetrics } from '../platform/metrics/index.ts'
import type { Tracing } from '../platform/tracing/index.ts'
import { tracingFrom } from './tracing.ts'

interface Surroundings {
  clock: SystemClock
  log: Log
  metrics: ProcessMetrics
}

/** The same with tracing, if the environment names a collector. */
export async function tracedSurroundings(name: string): Promise<Surroundings & { tracing?: Tracing }> {
  const around = surroundings(name)
  return { ...around, ...(await tracingFrom(process.env, name, around.log)) }
}

/** Clock, log and metrics of a process that runs alone. */
export function surroundings(name: string): Surroundings {
  const [log, metrics] = [createLog(name), new ProcessMetrics(name)]
  const clock = new SystemClock(
    (task, err) => log.error({ task, err }, 'periodic task failed'),
    (task, { durationMs, hasFailed, endedMs }) => metrics.ran(task, durationMs, hasFailed, endedMs),
    (byMs) => log.warn({ byMs }, sayStep(byMs)),
  )
  return { clock, log, metrics }
}
