import type { Invariant, Stored } from './observed.ts'

/** The lines of a statement sum to it, and settling again comes to the same. */
export const statementsReproduce: Invariant = ({ settled }) =>
  settled.flatMap(({ first, second }) => {
    const pence = first.lines.reduce((sum, { amountGbp }) => sum + Math.round(Number(amountGbp) * 100), 0)
    const faults: string[] = []
    if (pence !== Math.round(Number(first.totalGbp) * 100))
      faults.push(`the lines of ${first.number} come to ${pence} p, its total is £${first.totalGbp}`)
    const [one, other] = [first, second].map(({ lines }) => JSON.stringify(lines.map(({ lineId: _, ...line }) => line)))
    if (one !== other) faults.push(`${first.fspName}, product ${first.product}: settling again comes to other lines`)
    return faults
  })

/** How far sums of energies that were each rounded may differ, Wh. */
const roundingWh = 1

/**
 * A statement rests on the last revision of each reading: what was corrected counts no more. Where something was
 * instructed, what its sender estimated counts as missing (domain section 12), as after an FSP that was down for a part of the quarter-hour.
 */
export const correctionsCount: Invariant = ({ stored, settled }) => {
  const latest = new Map<string, Stored>()
  for (const reading of stored.values()) {
    const key = `${reading.fuId} ${reading.periodStartMs} ${reading.meterId}`
    const other = latest.get(key)
    if (!other || other.revision < reading.revision) latest.set(key, reading)
  }
  const metered = Map.groupBy(latest.values(), ({ fuId, periodStartMs }) => `${fuId} ${periodStartMs}`)
  return settled
    .flatMap(({ first }) => first.lines)
    .flatMap(({ fuId, from, meteredWh, instructedWh }) => {
      const readings = metered.get(`${fuId} ${Date.parse(from)}`)
      if (!readings) return []
      const sumWh = readings.reduce((sum, { energyWh }) => sum + (energyWh ?? 0), 0)
      const isEstimate = Boolean(instructedWh) && readings.some((reading) => reading.isEstimate)
      const isRight = meteredWh === null ? isEstimate : !isEstimate && Math.abs(meteredWh - sumWh) <= roundingWh
      const what = isEstimate ? 'with an estimate among them ' : ''
      return isRight
        ? []
        : [`${fuId} at ${from} is settled with ${meteredWh} Wh, its last readings ${what}come to ${sumWh} Wh`]
    })
}

/** All contracts together pay for no more energy of a quarter-hour than was turned down in it. */
export const noWattTwice: Invariant = ({ settled }) => {
  const lines = settled.flatMap(({ first }) => first.lines)
  return [...Map.groupBy(lines, ({ fuId, from }) => `${fuId} at ${from}`)].flatMap(([key, of]) => {
    const paidWh = of.reduce((sum, { deliveredWh }) => sum + deliveredWh, 0)
    const mostWh = Math.max(...of.map(({ baselineWh, meteredWh }) => Math.max(0, (baselineWh ?? 0) - (meteredWh ?? 0))))
    return paidWh <= mostWh + roundingWh ? [] : [`${key}: ${paidWh} Wh are paid, ${mostWh} Wh were turned down`]
  })
}
