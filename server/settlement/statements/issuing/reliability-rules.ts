import { Money } from '../../../../schemas/vocabulary/money.ts'

/** One settled quarter-hour with an instruction. */
export interface SettledEvent {
  instructedW: number
  /** Delivered ÷ instructed, as the line has it. */
  deliveryRatio: number
}

/** What was asked for and delivered, Wh; and delivered ÷ instructed, from 0 to 1, `null` without an instruction. */
export interface Reliability {
  instructedWh: number
  deliveredWh: number
  ratio: number | null
}

export const instructedWhOf = ({ instructedW }: SettledEvent): Money => new Money(instructedW).div(4)

export const deliveredWhOf = (event: SettledEvent): Money => instructedWhOf(event).times(event.deliveryRatio)

/** D12: the reliability over some settled quarter-hours, by energy: a small instruction counts for little. */
export function reliabilityOf(events: readonly SettledEvent[]): Reliability {
  const sum = (of: (event: SettledEvent) => Money) =>
    events.reduce((total, event) => total.plus(of(event)), new Money(0))
  const [instructed, delivered] = [sum(instructedWhOf), sum(deliveredWhOf)]
  return {
    instructedWh: instructed.toNumber(),
    deliveredWh: delivered.toDecimalPlaces(3).toNumber(),
    ratio: instructed.isZero() ? null : delivered.div(instructed).toDecimalPlaces(4).toNumber(),
  }
}
