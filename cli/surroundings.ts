import { SystemClock, sayStep } from '../platform/clock/index.ts'
import { createLog, type Log } from '../platform/log/index.ts'
import { ProcessMetrics } from '../platform/metrics/index.ts'

/** Clock, log and metrics of a process that runs alone. */
export function surroundings(name: string): {
  clock: SystemClock
  log: Log
  metrics: ProcessMetrics
} {
  const [log, metrics] = [createLog(name), new ProcessMetrics(name)]
  const clock = new SystemClock(
    (task, err) => log.error({ task, err }, 'periodic task failed'),
    (task, { durationMs, hasFailed, endedMs }) => metrics.ran(task, durationMs, hasFailed, endedMs),
    (byMs) => log.warn({ byMs }, sayStep(byMs)),
  )
  return { clock, log, metrics }
}
