/** A quarter-hour, or what is left of one, that energy may be charged in. */
export interface EnergySlot {
  hours: number
  /** What all vehicles may take in it, Wh. */
  availableWh: number
  pencePerKwh: number
}

/** A vehicle that needs energy before it leaves. */
export interface EnergyVehicle {
  /** Slots before its departure. */
  slots: number
  missingWh: number
  /** What its socket carries, W. */
  mostW: number
}

export interface EnergyProblem {
  slots: readonly EnergySlot[]
  vehicles: readonly EnergyVehicle[]
  /** Among times of equal cost. */
  timing: 'earliest' | 'latest'
}

/** What each vehicle takes in each slot, Wh; what they all lack at their departure; and what it costs. */
export interface EnergyResult {
  energyWh: number[][]
  shortWh: number
  costPence: number
}

/** How much a slot's place says against its price, pence per kWh and slot: less than any tariff's step over the two days and more of a plan. */
const placeCost = 1e-4

const nameOf = (vehicle: number, slot: number) => `x${vehicle}_${slot}`

/**
 * The plan of least cost as a linear programme (CPLEX LP format): each vehicle takes what it needs before it leaves, within its socket and
 * what there is in each slot. What cannot be had in time costs more than any energy, so that it is lacking only where it has to be.
 */
export function energyModel({ slots, vehicles, timing }: EnergyProblem): string {
  const prices = slots.map(({ pencePerKwh }) => pencePerKwh)
  const shortCost = 2 * Math.max(1, ...prices.map(Math.abs)) + 100
  const cost: string[] = []
  const needs: string[] = []
  const bounds: string[] = []
  const bySlot = slots.map((): string[] => [])
  for (const [v, { slots: own, missingWh, mostW }] of vehicles.entries()) {
    const names: string[] = []
    for (let t = 0; t < Math.min(own, slots.length); t++) {
      const slot = slots[t] as EnergySlot
      const place = placeCost * (timing === 'earliest' ? t : slots.length - t)
      const name = nameOf(v, t)
      cost.push(`${signed(slot.pencePerKwh + place)} ${name}`)
      bounds.push(` 0 <= ${name} <= ${plain(mostW * slot.hours)}`)
      bySlot[t]?.push(name)
      names.push(name)
    }
    cost.push(`+ ${shortCost} s${v}`)
    needs.push(` n${v}: ${[...names, `s${v}`].join(' + ')} = ${plain(missingWh)}`)
  }
  const limits = bySlot.flatMap((names, t) =>
    names.length === 0 ? [] : [` t${t}: ${names.join(' + ')} <= ${plain((slots[t] as EnergySlot).availableWh)}`],
  )
  return ['Minimize', ` c: ${cost.join('\n ')}`, 'Subject To', ...needs, ...limits, 'Bounds', ...bounds, 'End'].join(
    '\n',
  )
}

/** The plan that a solution of the model says. @param columnOf a column's value by its name. */
export function energyResult({ slots, vehicles }: EnergyProblem, columnOf: (name: string) => number): EnergyResult {
  const energyWh = vehicles.map((vehicle, v) =>
    slots.map((_, t) => (t < vehicle.slots ? Math.max(0, columnOf(nameOf(v, t))) : 0)),
  )
  const shortWh = vehicles.reduce((sum, _, v) => sum + Math.max(0, columnOf(`s${v}`)), 0)
  const costs = energyWh.flatMap((own) => own.map((wh, t) => (wh / 1_000) * (slots[t] as EnergySlot).pencePerKwh))
  return { energyWh, shortWh, costPence: costs.reduce((sum, each) => sum + each, 0) }
}

/** A number as the format takes it: never with an exponent. */
function plain(value: number): string {
  return Math.max(0, value).toFixed(6)
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'} ${Math.abs(value).toFixed(6)}`
}
