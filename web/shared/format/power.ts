import type { Direction } from '../../../schemas/vocabulary/units.ts'
import { pageLanguage } from './language.ts'

/** A true minus sign, as wide as the digits beside it. */
function withMinus(text: string): string {
  return text.replace('-', '−')
}

const numbers = new Map<number, Intl.NumberFormat>()

/** A number with a fixed count of decimals and separated thousands: `1,080.0`, `−3.2`. Zero has no sign. */
export function fixed(value: number, decimals: number): string {
  let format = numbers.get(decimals)
  if (!format) {
    format = new Intl.NumberFormat(pageLanguage, {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
      signDisplay: 'negative',
    })
    numbers.set(decimals, format)
  }
  return withMinus(format.format(value))
}

/** W as the digits of kW, for columns that name the unit in their head. */
export function kwDigits(powerW: number, decimals = 1): string {
  return fixed(powerW / 1_000, decimals)
}

/** W as kW with the unit: `143.2 kW`. */
export function kw(powerW: number, decimals = 1): string {
  return `${kwDigits(powerW, decimals)}\u00a0kW`
}

/** A direction in words. */
export const directionWords: Record<Direction, string> = { 'turn-down': 'Turn-down', 'turn-up': 'Turn-up' }

/** A turn-down in kW; a turn-up, which is negative, as such: `30.0 kW up`. */
export function turn(turnDownW: number): string {
  return turnDownW < 0 ? `${kw(-turnDownW)} up` : kw(turnDownW)
}

/** W in the unit that reads best in a sentence: MW from 1 MW on. */
export function power(powerW: number): string {
  return Math.abs(powerW) >= 1e6 ? `${fixed(powerW / 1e6, 2)}\u00a0MW` : kw(powerW)
}

/** Wh as the digits of kWh. */
export function kwhDigits(energyWh: number, decimals = 1): string {
  return fixed(energyWh / 1_000, decimals)
}

/** Wh as kWh with the unit, or MWh from 1 MWh on. */
export function energy(energyWh: number): string {
  return Math.abs(energyWh) >= 1e6 ? `${fixed(energyWh / 1e6, 3)}\u00a0MWh` : `${kwhDigits(energyWh)}\u00a0kWh`
}

/** A ratio as per cent: `97.5 %`. */
export function percent(ratio: number, decimals = 1): string {
  return `${fixed(ratio * 100, decimals)}\u00a0%`
}

/** A price or amount given as a decimal string: `£1,234.50`. Digits are grouped, never rounded. */
export function gbp(amount: string): string {
  const [, sign = '', whole = '0', rest = ''] = /^(-?)(\d+)(\.\d+)?$/.exec(amount) ?? []
  return `${sign ? '−' : ''}£${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${rest}`
}

/** `1 line`, `9 sites`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${fixed(n, 0)} ${n === 1 ? one : many}`
}
