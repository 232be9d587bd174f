import type { OCPP16 } from 'typed-ocpp'
import { isoOf } from '../common/local-time.ts'
import { volts } from '../vehicles/vehicle.ts'
import type { Measurand } from './configuration.ts'
import type { Connector, ElectricalUnit } from './electrical.ts'

type MeterValue = OCPP16.MeterValuesRequest['meterValue'][number]
type SampledValue = MeterValue['sampledValue'][number]

const units = {
  'Energy.Active.Import.Register': 'Wh',
  'Power.Active.Import': 'W',
  'Power.Offered': 'W',
  'Current.Import': 'A',
  'Current.Offered': 'A',
  Voltage: 'V',
} as const satisfies Record<Measurand, NonNullable<SampledValue['unit']>>

/** The requested measurands at an instant: power and current are momentary, the energy register counts whole Wh. */
export function sampleOf(
  electrical: ElectricalUnit,
  connector: Connector,
  asked: readonly string[],
  atMs: number,
  context: NonNullable<SampledValue['context']>,
): MeterValue {
  electrical.advance(atMs)
  const powerW = electrical.powerW(connector, atMs)
  const offeredW = electrical.offeredW(connector, atMs)
  const values: Record<Measurand, number> = {
    'Energy.Active.Import.Register': Math.round(connector.registerWh),
    'Power.Active.Import': Math.round(powerW),
    'Power.Offered': Math.round(offeredW),
    'Current.Import': Math.round((powerW / volts) * 10) / 10,
    'Current.Offered': Math.round((offeredW / volts) * 10) / 10,
    Voltage: volts,
  }
  const names = Object.keys(values) as Measurand[]
  const sampledValue = names
    .filter((measurand) => asked.includes(measurand))
    .map((measurand) => ({ value: String(values[measurand]), context, measurand, unit: units[measurand] }))
  return { timestamp: isoOf(atMs), sampledValue }
}
