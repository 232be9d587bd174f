import { Instant, type LocalDate } from '@js-joda/core'
import type { LimitSource } from '../../../schemas/grid/connections.ts'
import { dayEnd } from '../../../schemas/vocabulary/time.ts'
import {
  type ConnectionTerms,
  type ImposedSpan,
  imposedIn,
  limitInForce,
  limitSteps,
  localMoment,
} from '../connections/index.ts'

/** A step of the limit on a day. */
export interface DayStep {
  fromMs: number
  toMs: number
  limitW: number
  source: LimitSource
}

/** The import of a minute, and the charge-point feeders' part of it where known. */
export interface LoadMinute {
  atMs: number
  importW: number
  evW: number | null
}

/**
 * The limit in force over a day, as steps that cover it: `limitInForce` at every instant at which it can change. Ahead of time, and where
 * a minute has no load, the rest of the site is what was known of it last.
 */
export function limitsOfDay(
  terms: ConnectionTerms,
  day: LocalDate,
  imposed: { spans: readonly ImposedSpan[]; units: number },
  minutes: readonly LoadMinute[],
): DayStep[] {
  const endMs = dayEnd(day).toEpochMilli()
  const split = minutes.filter((minute) => minute.evW !== null)
  const dispatched = imposed.spans.filter((span) => span.source === 'dispatch')
  const within = split.filter((m) => dispatched.some((span) => span.fromMs <= m.atMs && m.atMs < span.toMs))
  const changes = [
    ...limitSteps(terms, day).map((step) => step.from.toEpochMilli()),
    ...imposed.spans.flatMap((span) => [span.fromMs, span.toMs]),
    ...within.map((minute) => minute.atMs),
  ]
  const steps: DayStep[] = []
  for (const fromMs of new Set(changes.filter((ms) => ms < endMs).sort((a, b) => a - b))) {
    const known = split.findLast((minute) => minute.atMs <= fromMs)
    const restW = known ? known.importW - (known.evW ?? 0) : null
    const moment = localMoment(Instant.ofEpochMilli(fromMs))
    const { limitW, source } = limitInForce(terms, moment, imposedIn(imposed, fromMs), restW)
    const last = steps.at(-1)
    if (last && last.limitW === limitW && last.source === source) continue
    if (last) last.toMs = fromMs
    steps.push({ fromMs, toMs: endMs, limitW, source })
  }
  return steps
}
