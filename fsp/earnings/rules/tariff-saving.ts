import type { PastCharge } from '../../forecasts/index.ts'

const minuteMs = 60_000

/** Energy with what it costs. */
interface Bought {
  energyWh: number
  penceWh: number
}

/** What a charge would have taken and cost if it had begun as soon as the vehicle came, at full power, minute by minute. */
function asSoonAsPossible({ fromMs, toMs, energyWh, mostW }: PastCharge, penceAt: (ms: number) => number): Bought {
  const bought = { energyWh: 0, penceWh: 0 }
  for (let ms = fromMs; ms < toMs && bought.energyWh < energyWh && mostW > 0; ms += minuteMs) {
    const takenWh = Math.min(energyWh - bought.energyWh, (mostW * Math.min(minuteMs, toMs - ms)) / 3_600_000)
    bought.energyWh += takenWh
    bought.penceWh += takenWh * penceAt(ms)
  }
  return bought
}

/**
 * What a tariff saved, pence: the energy that was charged, times the mean price if every vehicle had charged as soon as it came, less the
 * mean price that was paid. Negative where waiting for something else, such as a turn-down, made it dearer.
 * @param charged what was metered by quarter-hour, Wh by epoch ms; `penceAt` the price per kWh at an instant.
 */
export function tariffSavingPence(
  charges: readonly PastCharge[],
  charged: ReadonlyMap<number, number>,
  penceAt: (ms: number) => number,
): number {
  const soonest = charges
    .map((charge) => asSoonAsPossible(charge, penceAt))
    .reduce((sum, each) => ({ energyWh: sum.energyWh + each.energyWh, penceWh: sum.penceWh + each.penceWh }), {
      energyWh: 0,
      penceWh: 0,
    })
  const chargedWh = [...charged.values()].reduce((sum, wh) => sum + wh, 0)
  if (soonest.energyWh === 0 || chargedWh === 0) return 0
  const paidPenceWh = [...charged].reduce((sum, [ms, wh]) => sum + wh * penceAt(ms), 0)
  return ((soonest.penceWh / soonest.energyWh) * chargedWh - paidPenceWh) / 1_000
}
