import type { ComplianceState } from '../../../schemas/grid/connections.ts'

/** Parameters of the assessment (defaults). */
export const complianceDefaults = {
  /** At risk from this share of the limit. */
  atRiskShare: 0.95,
  /** Share of a limit that is rounding, not load: the mean of a constant load may differ from it in the last digit. */
  roundingShare: 1e-9,
  /** Length of a settlement period, over which the mean runs. */
  settlementMs: 30 * 60_000,
  /** A dispatch-implied limit is assessed over the running quarter-hour … */
  dispatchWindowMs: 15 * 60_000,
  /** … without the time that the FSP needs to turn down after the limit begins … */
  dispatchRampMs: 2 * 60_000,
  /** … and only after this much has been measured. */
  dispatchAssessedAfterMs: 5 * 60_000,
} as const

/** An open breach. */
export interface OpenBreach {
  startMs: number
  peakExcessW: number
  excessWh: number
  /** Excess at the last evaluation, W: it holds until the next one; 0 without data. */
  excessW: number
}

/** Running sums of a span: watt-milliseconds over measured milliseconds since `startMs`. */
export interface RunningMean {
  startMs: number
  wattMs: number
  measuredMs: number
}

/** The state of a connection at its last evaluation; `null` if it was never evaluated. */
export interface Standing {
  evaluatedMs: number
  state: ComplianceState
  stateSinceMs: number
  importW: number | null
  limitW: number
  mean: RunningMean
  breach: OpenBreach | null
}

/** The input of an evaluation. */
export interface Observation {
  atMs: number
  /** `null` when no import can be formed from fresh data. */
  importW: number | null
  limitW: number
  /** The longest time for which a value holds: the hub's time-out. */
  holdMs: number
}

/** The result of an evaluation. `ended`: the breach that it ended, with its final figures. */
export interface Assessment {
  standing: Standing
  ended: OpenBreach | null
}

/**
 * Assesses a connection (domain section 3): its present import, and its mean over the running settlement period, against the limit in
 * force. Between evaluations the last import holds, for at most `holdMs`. The mean restarts with each settlement period and whenever the
 * limit changes. Without data the state is unknown; a breach then neither ends nor grows. A breach ends when both import and mean are
 * within the limit.
 */
export function assess(before: Standing | null, now: Observation): Assessment {
  const heldMs = before ? Math.min(Math.max(0, now.atMs - before.evaluatedMs), now.holdMs) : 0
  const mean = runningMean(before, now, heldMs)
  const state = stateOf(now, mean)
  const excessW = now.importW === null ? 0 : Math.max(0, now.importW - now.limitW)
  const grown = before?.breach ? grow(before.breach, heldMs) : null
  const stateSinceMs = before && before.state === state ? before.stateSinceMs : now.atMs
  const standing = {
    evaluatedMs: now.atMs,
    state,
    stateSinceMs,
    importW: now.importW,
    limitW: now.limitW,
    mean,
    breach: nextBreach(grown, state, now.atMs, excessW),
  }
  return { standing, ended: grown && !standing.breach ? grown : null }
}

function runningMean(before: Standing | null, now: Observation, heldMs: number): RunningMean {
  const periodMs = Math.floor(now.atMs / complianceDefaults.settlementMs) * complianceDefaults.settlementMs
  if (!before) return { startMs: now.atMs, wattMs: 0, measuredMs: 0 }
  if (before.limitW !== now.limitW) return { startMs: now.atMs, wattMs: 0, measuredMs: 0 }
  const goesOn = before.mean.startMs >= periodMs
  const mean = goesOn ? before.mean : { startMs: periodMs, wattMs: 0, measuredMs: 0 }
  if (before.importW === null) return mean
  const [from, to] = [Math.max(before.evaluatedMs, mean.startMs), before.evaluatedMs + heldMs]
  const spanMs = Math.max(0, to - from)
  return { ...mean, wattMs: mean.wattMs + before.importW * spanMs, measuredMs: mean.measuredMs + spanMs }
}

/** The mean of a span, W; `null` before anything in it has been measured. */
export function meanW(mean: RunningMean): number | null {
  return mean.measuredMs > 0 ? mean.wattMs / mean.measuredMs : null
}

/** Whether a load is over a limit by more than the rounding of a mean. */
export function exceeds(loadW: number, limitW: number): boolean {
  return loadW > limitW + Math.abs(limitW) * complianceDefaults.roundingShare
}

function stateOf(now: Observation, mean: RunningMean): ComplianceState {
  if (now.importW === null) return 'unknown'
  const loadW = Math.max(now.importW, meanW(mean) ?? now.importW)
  if (exceeds(loadW, now.limitW)) return 'breach'
  return now.limitW > 0 && loadW >= complianceDefaults.atRiskShare * now.limitW ? 'at-risk' : 'compliant'
}

function grow(breach: OpenBreach, heldMs: number): OpenBreach {
  return { ...breach, excessWh: breach.excessWh + (breach.excessW * heldMs) / 3_600_000 }
}

function nextBreach(open: OpenBreach | null, state: ComplianceState, atMs: number, excessW: number): OpenBreach | null {
  if (state === 'unknown') return open && { ...open, excessW: 0 }
  if (state !== 'breach') return null
  if (!open) return { startMs: atMs, peakExcessW: excessW, excessWh: 0, excessW }
  return { ...open, excessW, peakExcessW: Math.max(open.peakExcessW, excessW) }
}
