import type { OCPP16 } from 'typed-ocpp'

type SampledValue = OCPP16.MeterValuesRequest['meterValue'][number]['sampledValue'][number]

/** The energy register (Wh) and the power (W) among sampled values; `null` if missing or not a number. Units may report kWh and kW. */
export function energyAndPower(values: readonly SampledValue[]): { energyWh: number | null; powerW: number | null } {
  const figure = (measurand: string, kilo: string) => {
    // A value without a measurand is the energy register (OCPP 1.6, section 7.45).
    const found = values.find(
      (v) => (v.measurand ?? 'Energy.Active.Import.Register') === measurand && v.phase === undefined,
    )
    const value = found ? Number(found.value) : Number.NaN
    if (!Number.isFinite(value)) return null
    return found?.unit === kilo ? value * 1000 : value
  }
  return { energyWh: figure('Energy.Active.Import.Register', 'kWh'), powerW: figure('Power.Active.Import', 'kW') }
}
