import type { HalfHour } from '../../../schemas/grid/connections.ts'
import type { LoadDifference, NotCompared } from '../../../schemas/grid/differences.ts'
import type { loadComparisonSettings } from '../../../schemas/settings/telemetry.ts'
import type { ValuesOf } from '../../../schemas/vocabulary/setting.ts'

export type ComparisonFigures = ValuesOf<typeof loadComparisonSettings>

/** What is needed of a half-hour to compare it. */
export type Compared = Pick<HalfHour, 'meanW' | 'completeness' | 'quality' | 'direction'>

/**
 * Compares a half-hour of a hub with that of the customer's monitor. The tolerance is the larger of a share of the hub's mean and a
 * power; a difference of exactly the tolerance agrees. What is unknown, incomplete or of a poor quality is not compared: it is neither an
 * agreement nor a difference.
 */
export function differenceOf(
  at: string,
  hub: Compared | null,
  monitor: Compared | null,
  figures: ComparisonFigures,
): LoadDifference {
  const sides = {
    at,
    hubW: hub?.meanW ?? null,
    monitorW: monitor?.meanW ?? null,
    hubCompleteness: hub?.completeness ?? 0,
    monitorCompleteness: monitor?.completeness ?? 0,
  }
  const reason = hub && monitor ? reasonOf(hub, monitor, figures.minCompleteness) : absence(hub, monitor)
  if (reason !== null || !hub || !monitor)
    return { ...sides, differenceW: null, toleranceW: null, verdict: 'not-compared', reason }
  const differenceW = monitor.meanW - hub.meanW
  const toleranceW = Math.max(figures.toleranceShare * Math.abs(hub.meanW), figures.toleranceKw * 1_000)
  // Means are sums of thousandths of a watt: less than that is no difference.
  const verdict = Math.abs(differenceW) > toleranceW + 0.001 ? 'differs' : 'agrees'
  return { ...sides, differenceW, toleranceW, verdict, reason: null }
}

function absence(hub: Compared | null, monitor: Compared | null): NotCompared {
  if (hub) return 'monitor-not-measured'
  return monitor ? 'hub-not-measured' : 'neither-measured'
}

function reasonOf(hub: Compared, monitor: Compared, minCompleteness: number): NotCompared | null {
  if (hub.completeness < minCompleteness) return 'hub-incomplete'
  if (monitor.completeness < minCompleteness) return 'monitor-incomplete'
  if (hub.direction === 'unknown' || monitor.direction === 'unknown') return 'direction-unknown'
  const isPoor = ({ quality }: Compared) => quality === 'questionable' || quality === 'bad'
  return isPoor(hub) || isPoor(monitor) ? 'poor-quality' : null
}

/**
 * What half-hours, the oldest first, say of an alarm: `halfHours` in a row that differ raise it, and as many that agree clear it. Those that
 * are not compared do neither.
 */
export function alarmOf(differences: readonly LoadDifference[], halfHours: number): 'raise' | 'clear' | 'stay' {
  const compared = differences.filter(({ verdict }) => verdict !== 'not-compared')
  const last = compared.slice(-halfHours)
  const areAll = (verdict: LoadDifference['verdict']) => last.every((one) => one.verdict === verdict)
  if (last.length < halfHours) return 'stay'
  if (areAll('differs')) return 'raise'
  return areAll('agrees') ? 'clear' : 'stay'
}
