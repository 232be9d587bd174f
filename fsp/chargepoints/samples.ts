import { z } from 'zod'

/** What is used of a sampled value; whatever else it has, or however it is broken, is passed over. */
const usedOfSample = z.object({
  value: z.union([z.string(), z.number()]),
  measurand: z.string().nullish(),
  unit: z.string().nullish(),
  format: z.string().nullish(),
  context: z.string().nullish(),
  location: z.string().nullish(),
  phase: z.string().nullish(),
})
type Sample = z.infer<typeof usedOfSample>

/** The register (Wh) and the power (W) of a socket; `null`: unknown, which is not 0. */
export interface EnergyAndPower {
  energyWh: number | null
  powerW: number | null
}

const decimal = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/i

/** A number as charge points write it, with a point or a comma; `null` for anything else, the empty text too. */
export function numberIn(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'string' || !decimal.test(value.trim())) return null
  const number = Number(value.trim().replace(',', '.'))
  return Number.isFinite(number) ? number : null
}

/** In W or Wh per unit. A value without a unit has the standard's: Wh and W (OCPP 1.6, section 7.45). */
const factors: Record<string, Record<string, number>> = {
  'Energy.Active.Import.Register': { '': 1, wh: 1, kwh: 1_000, mwh: 1_000_000 },
  'Power.Active.Import': { '': 1, w: 1, kw: 1_000 },
}

/** Where a socket is metered, the best first. What the vehicle says of itself (EV), and the unit's inside, are no meters of a socket. */
const locations = ['Outlet', 'Inlet', 'Cable']
/** Of values of one stamp the later ones count: a begin repeats what was read before. */
const contexts = ['Sample.Clock', 'Sample.Periodic', 'Trigger', 'Transaction.End', 'Interruption.End', 'Other']

/** Chooses the register and the power among sampled values by format, location, context and phase. `statesPower`: one is there, if unreadable. */
export function energyAndPower(values: readonly unknown[]): EnergyAndPower & { statesPower: boolean } {
  const samples = values.flatMap((value) => {
    const { success, data } = usedOfSample.safeParse(value)
    return success ? [data] : []
  })
  return {
    energyWh: figureOf(samples, 'Energy.Active.Import.Register'),
    powerW: figureOf(samples, 'Power.Active.Import'),
    statesPower: samples.some(({ measurand }) => measurand === 'Power.Active.Import'),
  }
}

function figureOf(samples: readonly Sample[], measurand: string): number | null {
  const own = samples.filter(
    (each) =>
      // A value without a measurand is the energy register.
      (each.measurand || 'Energy.Active.Import.Register') === measurand &&
      each.format !== 'SignedData' &&
      locations.includes(each.location || 'Outlet'),
  )
  const groups = Map.groupBy(own, (each) => rankOf(each))
  for (const [, group] of [...groups].sort(([a], [b]) => a - b)) {
    const figure = totalOf(group, measurand)
    if (figure !== null) return figure
  }
  return null
}

function rankOf({ location, context }: Sample): number {
  const place = contexts.indexOf(context || 'Sample.Periodic')
  return locations.indexOf(location || 'Outlet') * 100 + (place < 0 ? contexts.length : place)
}

/** The total if there is one, else the sum of the phases against neutral; `null` if one of them is unreadable. */
function totalOf(group: readonly Sample[], measurand: string): number | null {
  for (const each of group) {
    const total = each.phase ? null : figureIn(each, measurand)
    if (total !== null) return total
  }
  const byPhase = new Map<string, number | null>()
  for (const each of group) {
    const phase = /^(L[123])(-N)?$/.exec(each.phase ?? '')?.[1]
    if (phase && !byPhase.has(phase)) byPhase.set(phase, figureIn(each, measurand))
  }
  const parts = [...byPhase.values()]
  if (parts.length === 0) return null
  return parts.reduce((sum, part) => (sum === null || part === null ? null : sum + part), 0)
}

function figureIn({ value, unit }: Sample, measurand: string): number | null {
  const factor = factors[measurand]?.[(unit ?? '').toLowerCase()]
  const number = numberIn(value)
  return factor === undefined || number === null ? null : number * factor
}
