import type { ChoicePeriod, LessBecause } from '../../../../schemas/dispatch/choices.ts'
import type { ClosedPeriod, UnitPeriod } from '../../../../schemas/dispatch/optimisation.ts'

/**
 * What an FSP may know of a run's choice, in time.
 * @param fspsForPrice how many other FSPs must have had offers for the same need before the price of one more kW is told.
 */
export function choicesOf(
  periods: readonly UnitPeriod[],
  closed: readonly ClosedPeriod[],
  fspsForPrice: number,
): ChoicePeriod[] {
  const open = periods.map((period): ChoicePeriod => {
    const { from, direction = 'turn-down', priceGbpPerMwh, left } = period
    const isPriceCommon = (left?.otherFsps ?? 0) >= fspsForPrice
    return {
      from,
      direction,
      offeredW: offeredWOf(period),
      chosenW: period.turnDownW,
      priceGbpPerMwh,
      because: becauseOf(period),
      marginalPriceGbpPerMwh: left && isPriceCommon ? period.marginalPriceGbpPerMwh : null,
    }
  })
  const shut = closed.map(
    ({ from, direction = 'turn-down', because }): ChoicePeriod => ({
      from,
      direction,
      offeredW: 0,
      chosenW: 0,
      priceGbpPerMwh: null,
      because,
      marginalPriceGbpPerMwh: null,
    }),
  )
  return [...open, ...shut].sort((a, b) => Date.parse(a.from) - Date.parse(b.from))
}

/** An export limit is applied to what derating left. */
function offeredWOf({ availableW, derating, siteLimit }: UnitPeriod): number {
  return derating?.statedW ?? siteLimit?.offeredW ?? availableW
}

function becauseOf({ left, derating, siteLimit }: UnitPeriod): LessBecause | null {
  if (left) return left.because
  if (siteLimit) return 'site-limit'
  return derating && derating.offeredW < derating.statedW ? 'not-reliable' : null
}
