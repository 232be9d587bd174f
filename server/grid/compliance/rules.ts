import type { ComplianceState } from '../../../schemas/grid/connections.ts'
import { complianceSettings } from '../../../schemas/settings/telemetry.ts'
import type { ValuesOf } from '../../../schemas/vocabulary/setting.ts'

/** What is no setting: the periods and windows over which means run. */
export const complianceDefaults = {
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

/** When states begin and end: `complianceSettings`. */
export type ComplianceFigures = ValuesOf<typeof complianceSettings>

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

/** The state of one direction of a connection, its import or its export, at its last evaluation. */
export interface Standing {
  evaluatedMs: number
  state: ComplianceState
  stateSinceMs: number
  /** Power in the direction assessed, W; the other way is negative. `null` without fresh data. */
  flowW: number | null
  limitW: number
  mean: RunningMean
  breach: OpenBreach | null
  /** Since when the flow has said that the breach should begin or, in a breach, end; `null` while it does not. */
  breachPendingMs: number | null
  /** The same for `at-risk`, and whether it is so now. */
  atRisk: boolean
  riskPendingMs: number | null
}

/** The input of an evaluation. */
export interface Observation {
  atMs: number
  /** Power in the direction assessed, W; `null` when none can be formed from fresh data. */
  flowW: number | null
  limitW: number
  /** The longest time for which a value holds: the hub's time-out. */
  holdMs: number
  /** Until then the limit is too new to be exceeded: an FSP needs the time to turn down. */
  graceUntilMs?: number
}

/** The result of an evaluation. `ended`: the breach that it ended, with its final figures. */
export interface Assessment {
  standing: Standing
  ended: OpenBreach | null
}

/**
 * Assesses the import or the export of a connection (domain section 12) against its limit in force. A breach begins when it has exceeded the limit by more than
 * 1 % for 60 s, or when the mean of the settlement period exceeds it; it ends after 5 min below 98 % of the limit. At risk begins at 95 %
 * with the same delays. Between evaluations the last power holds, for at most `holdMs`. The mean restarts with each settlement period
 * and whenever the limit changes. Without data the state is unknown; a breach then neither ends nor grows, and delays start anew.
 */
export function assess(
  before: Standing | null,
  now: Observation,
  figures: ComplianceFigures = complianceSettings.defaults,
): Assessment {
  const elapsedMs = before ? Math.max(0, now.atMs - before.evaluatedMs) : 0
  const heldMs = Math.min(elapsedMs, now.holdMs)
  const mean = runningMean(before, now, heldMs)
  const limits = delaysOf(now, figures, before && elapsedMs <= now.holdMs ? before : null)
  const breached = limits.breach(before?.breach != null, meanExceeds(before, mean, now, heldMs, 1))
  const risk = limits.risk(before?.atRisk ?? false, meanExceeds(before, mean, now, heldMs, figures.atRiskShare))
  const state = now.flowW === null ? 'unknown' : breached.active ? 'breach' : risk.active ? 'at-risk' : 'compliant'
  const grown = before?.breach ? grow(before.breach, heldMs) : null
  const standing = {
    evaluatedMs: now.atMs,
    state,
    stateSinceMs: before && before.state === state ? before.stateSinceMs : now.atMs,
    flowW: now.flowW,
    limitW: now.limitW,
    mean,
    breach: nextBreach(grown, breached.active, now),
    breachPendingMs: breached.pendingMs,
    atRisk: risk.active,
    riskPendingMs: risk.pendingMs,
  } satisfies Standing
  return { standing, ended: grown && !standing.breach ? grown : null }
}

interface Delayed {
  active: boolean
  pendingMs: number | null
}

/** The two states that begin and end with a delay. @param before `null` where delays start anew. */
function delaysOf(now: Observation, figures: ComplianceFigures, before: Standing | null) {
  const { flowW, limitW, atMs } = now
  const inGrace = now.graceUntilMs !== undefined && atMs < now.graceUntilMs
  const delays = { on: figures.breachAfterS * 1000, off: figures.breachEndsAfterS * 1000 }
  const settle = (active: boolean, pendingMs: number | null, says: Says): Delayed => {
    if (flowW === null) return { active, pendingMs: null }
    if (says.byMean && !active) return { active: true, pendingMs: null }
    const turns = active ? says.off : says.on && !inGrace
    if (!turns) return { active, pendingMs: null }
    const since = pendingMs ?? atMs
    const done = atMs - since >= (active ? delays.off : delays.on) && !(active && says.byMean)
    return { active: done ? !active : active, pendingMs: done ? null : since }
  }
  const loadW = flowW ?? 0
  const over = exceeds(loadW, limitW * (1 + figures.breachOverShare))
  const near = limitW > 0 && loadW >= figures.atRiskShare * limitW
  return {
    breach: (active: boolean, byMean: boolean) =>
      settle(active, before?.breachPendingMs ?? null, {
        on: over,
        off: below(loadW, limitW, figures.breachEndShare),
        byMean,
      }),
    risk: (active: boolean, byMean: boolean) =>
      settle(active, before?.riskPendingMs ?? null, { on: near, off: !near, byMean: byMean && limitW > 0 }),
  }
}

/** What an evaluation says of a state: that it should begin, that it should end, and that a mean decides it at once. */
interface Says {
  on: boolean
  off: boolean
  byMean: boolean
}

/**
 * The flow that an assessment may use, W. Where its direction is unknown, it is at most what was measured, either way: below the share at
 * which a site is at risk that proves compliance, and above it nothing is known.
 */
export function provenW(
  { directionKnown }: { directionKnown: boolean },
  flowW: number | null,
  limitW: number,
  { atRiskShare }: ComplianceFigures,
): number | null {
  if (directionKnown || flowW === null) return flowW
  return flowW < atRiskShare * limitW ? flowW : null
}

/** Below a share of a limit; a limit of 0 is kept by no import at all. */
export function below(loadW: number, limitW: number, share: number): boolean {
  return limitW > 0 ? loadW < share * limitW : loadW <= limitW
}

/**
 * Whether the mean of the settlement period exceeds a share of the limit: what has been imported in it is more than the whole period
 * allows. That is certain before its end, and never the accident of a first minute. An evaluation that begins a new period also closes
 * the one before.
 */
function meanExceeds(
  before: Standing | null,
  mean: RunningMean,
  now: Observation,
  heldMs: number,
  share: number,
): boolean {
  const { settlementMs } = complianceDefaults
  const allowed = (startMs: number, limitW: number) =>
    share * limitW * (Math.floor(startMs / settlementMs) * settlementMs + settlementMs - startMs)
  if (exceeds(mean.wattMs, allowed(mean.startMs, now.limitW))) return true
  if (!before || before.flowW === null || before.limitW !== now.limitW) return false
  const endMs = Math.floor(before.mean.startMs / settlementMs) * settlementMs + settlementMs
  if (now.atMs < endMs || before.evaluatedMs >= endMs) return false
  const spanMs = Math.max(0, Math.min(endMs, before.evaluatedMs + heldMs) - before.evaluatedMs)
  return exceeds(before.mean.wattMs + before.flowW * spanMs, allowed(before.mean.startMs, before.limitW))
}

function runningMean(before: Standing | null, now: Observation, heldMs: number): RunningMean {
  const periodMs = Math.floor(now.atMs / complianceDefaults.settlementMs) * complianceDefaults.settlementMs
  if (!before) return { startMs: now.atMs, wattMs: 0, measuredMs: 0 }
  if (before.limitW !== now.limitW) return { startMs: now.atMs, wattMs: 0, measuredMs: 0 }
  const goesOn = before.mean.startMs >= periodMs
  const mean = goesOn ? before.mean : { startMs: periodMs, wattMs: 0, measuredMs: 0 }
  if (before.flowW === null) return mean
  const [from, to] = [Math.max(before.evaluatedMs, mean.startMs), before.evaluatedMs + heldMs]
  const spanMs = Math.max(0, to - from)
  return { ...mean, wattMs: mean.wattMs + before.flowW * spanMs, measuredMs: mean.measuredMs + spanMs }
}

/** The mean of a span, W; `null` before anything in it has been measured. */
export function meanW(mean: RunningMean): number | null {
  return mean.measuredMs > 0 ? mean.wattMs / mean.measuredMs : null
}

/** Whether a load is over a limit by more than the rounding of a mean. */
export function exceeds(loadW: number, limitW: number): boolean {
  return loadW > limitW + Math.abs(limitW) * complianceDefaults.roundingShare
}

function grow(breach: OpenBreach, heldMs: number): OpenBreach {
  return { ...breach, excessWh: breach.excessWh + (breach.excessW * heldMs) / 3_600_000 }
}

function nextBreach(open: OpenBreach | null, breached: boolean, now: Observation): OpenBreach | null {
  if (!breached) return null
  const excessW = now.flowW === null ? 0 : Math.max(0, now.flowW - now.limitW)
  if (!open) return { startMs: now.atMs, peakExcessW: excessW, excessWh: 0, excessW }
  return { ...open, excessW, peakExcessW: Math.max(open.peakExcessW, excessW) }
}
