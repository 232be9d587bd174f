import type { Instant } from '@js-joda/core'

/** One run of a depot's optimisation; its duration in real time, ms. */
interface Run {
  atMs: number
  durationMs: number
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** What the cycles of depots did in the last hour: the figures of their process (H24). Times are those of the FSP's clock. */
export class CycleWatch {
  readonly #runs = new Map<string, Run[]>()
  readonly #sent = new Map<string, number[]>()
  readonly #total = new Map<string, number>()

  /** A run has ended. */
  ran(depotId: string, at: Instant, durationMs: number): void {
    const atMs = at.toEpochMilli()
    const kept = (this.#runs.get(depotId) ?? []).filter((run) => run.atMs > atMs - hourMs)
    this.#runs.set(depotId, [...kept, { atMs, durationMs }])
  }

  /** A set point went out to a charge point. */
  sent(depotId: string, at: Instant): void {
    const times = this.#sent.get(depotId) ?? []
    times.push(at.toEpochMilli())
    while ((times[0] ?? Number.POSITIVE_INFINITY) <= at.toEpochMilli() - hourMs) times.shift()
    this.#sent.set(depotId, times)
    this.#total.set(depotId, this.sentSoFar(depotId) + 1)
  }

  /** Set points that went out since the start of the FSP. */
  sentSoFar(depotId: string): number {
    return this.#total.get(depotId) ?? 0
  }

  /** Set points that went out in a span before an instant. */
  sentIn(depotId: string, at: Instant, spanMs: number): number {
    const atMs = at.toEpochMilli()
    return (this.#sent.get(depotId) ?? []).filter((ms) => ms > atMs - spanMs && ms <= atMs).length
  }

  /** The figures of a depot at an instant, by name with unit. */
  figures(depotId: string, at: Instant): Record<string, number> {
    const runs = (this.#runs.get(depotId) ?? []).filter((run) => run.atMs > at.toEpochMilli() - hourMs)
    const durations = runs.map(({ durationMs }) => durationMs).sort((a, b) => a - b)
    return {
      runsLastHour: runs.length,
      medianDurationMs: durations[Math.floor(durations.length / 2)] ?? 0,
      setpointsLastMinute: this.sentIn(depotId, at, minuteMs),
      setpointsLastHour: this.sentIn(depotId, at, hourMs),
    }
  }
}
