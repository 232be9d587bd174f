import { complianceSettings } from '../../../schemas/settings/telemetry.ts'
import {
  below,
  type ComplianceFigures,
  complianceDefaults,
  exceeds,
  meanW,
  type OpenBreach,
  type RunningMean,
} from './rules.ts'

/** An FU under a dispatch-implied limit at its last evaluation. */
export interface FuStanding {
  evaluatedMs: number
  /** Import over the `ev` feeders, W; `null` without fresh data. */
  evW: number | null
  mean: RunningMean
  breach: OpenBreach | null
}

export interface FuObservation {
  atMs: number
  evW: number | null
  limitW: number
  /** When the limit began. */
  limitFromMs: number
  /** The longest time for which a value holds. */
  holdMs: number
}

/**
 * Assesses an FU against its dispatch-implied limit by the mean of its own load over the running quarter-hour. The first minutes after
 * the limit begins do not count, because the FSP needs them to turn down, and a mean of only a few minutes is not assessed.
 * @param before the standing under the same limit; `null` when the limit is new.
 */
export function assessFu(
  before: FuStanding | null,
  now: FuObservation,
  figures: ComplianceFigures = complianceSettings.defaults,
): { standing: FuStanding; ended: OpenBreach | null } {
  const countsFromMs = now.limitFromMs + complianceDefaults.dispatchRampMs
  const mean = runningMean(before, now, countsFromMs)
  const value = meanW(mean)
  const assessed = value !== null && mean.measuredMs >= complianceDefaults.dispatchAssessedAfterMs
  const heldMs = before ? Math.min(Math.max(0, now.atMs - before.evaluatedMs), now.holdMs) : 0
  const grown = before?.breach
    ? { ...before.breach, excessWh: before.breach.excessWh + (before.breach.excessW * heldMs) / 3_600_000 }
    : null
  const excessW = now.evW === null ? 0 : Math.max(0, now.evW - now.limitW)
  const over = assessed ? verdictOf(value, now.limitW, grown !== null, figures) : null
  const breach = nextBreach(grown, over, now.atMs, excessW)
  const standing = { evaluatedMs: now.atMs, evW: now.evW, mean, breach }
  return { standing, ended: grown && !breach ? grown : null }
}

/** Whether a mean is over the limit, with the same dead band as a connection's import. */
function verdictOf(valueW: number, limitW: number, open: boolean, figures: ComplianceFigures): boolean {
  if (open) return !below(valueW, limitW, figures.breachEndShare)
  return exceeds(valueW, limitW * (1 + figures.breachOverShare))
}

function runningMean(before: FuStanding | null, now: FuObservation, countsFromMs: number): RunningMean {
  const windowMs = Math.floor(now.atMs / complianceDefaults.dispatchWindowMs) * complianceDefaults.dispatchWindowMs
  const startMs = Math.max(windowMs, countsFromMs)
  const continues = before !== null && before.mean.startMs === startMs
  const mean = continues ? before.mean : { startMs, wattMs: 0, measuredMs: 0 }
  if (before === null || before.evW === null) return mean
  const from = Math.max(before.evaluatedMs, startMs)
  const spanMs = Math.max(0, Math.min(now.atMs, before.evaluatedMs + now.holdMs) - from)
  return { ...mean, wattMs: mean.wattMs + before.evW * spanMs, measuredMs: mean.measuredMs + spanMs }
}

/** `over`: whether the mean is over the limit; `null` while that is unknown. Until it is known, an open breach stays open. */
function nextBreach(open: OpenBreach | null, over: boolean | null, atMs: number, excessW: number): OpenBreach | null {
  if (over === false) return null
  if (open) return { ...open, excessW, peakExcessW: Math.max(open.peakExcessW, excessW) }
  return over ? { startMs: atMs, peakExcessW: excessW, excessWh: 0, excessW } : null
}
