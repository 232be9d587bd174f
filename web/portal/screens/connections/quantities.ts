import type { Quantity } from '../../../../schemas/grid/measurements.ts'

/** How people read a quantity: its name, its decimals and its unit, of which `per` SI units make one. */
interface QuantityReading {
  word: string
  decimals: number
  unit: string
  per: number
}

export const quantities: Readonly<Record<Quantity, QuantityReading>> = {
  voltage: { word: 'Voltage', decimals: 1, unit: 'V', per: 1 },
  current: { word: 'Current', decimals: 1, unit: 'A', per: 1 },
  'active-power': { word: 'Active power', decimals: 1, unit: 'kW', per: 1_000 },
  'reactive-power': { word: 'Reactive power', decimals: 1, unit: 'kvar', per: 1_000 },
  temperature: { word: 'Temperature', decimals: 1, unit: '°C', per: 1 },
  status: { word: 'Status', decimals: 0, unit: '', per: 1 },
}

/** How a quantity that an answer names as a text is read; `undefined` for one that is not known here. */
export function quantityOf(name: string): QuantityReading | undefined {
  return (quantities as Readonly<Record<string, QuantityReading | undefined>>)[name]
}
