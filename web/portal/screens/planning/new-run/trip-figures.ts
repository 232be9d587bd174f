import type { z } from 'zod'
import type { tripParameters } from '../../../../../schemas/planning/demand-runs.ts'
import type { Figure } from '../figures.ts'

/** Everything that a run over trips assumes, as people read and type it. */
export const tripFigures: Record<keyof z.output<typeof tripParameters>, Figure> = {
  shiftGapH: { label: 'Gap that ends a shift', unit: 'h', least: 0.5, most: 24, hint: 'The trial took 4 h.' },
  homeMonths: { label: 'Span of a home', unit: 'months', least: 1, most: 12, isWhole: true },
  targetShare: { label: 'Battery after charging', unit: '%', least: 0, most: 100, scale: 100 },
  lookBelowShare: {
    label: 'Looks for a charge below',
    unit: '%',
    least: 0,
    most: 100,
    scale: 100,
    hint: 'Raise or lower it until the share of shifts that charge on shift is near a measured one.',
  },
  worthwhileMinutes: { label: 'Least time at a charge point', unit: 'min', least: 0, most: 240 },
  worthwhileKwh: { label: 'Least energy of a charge', unit: 'kWh', least: 0, most: 100 },
  detourKm: { label: 'Longest way to a charge point', unit: 'km', least: 0, most: 50 },
  roadFactor: { label: 'Road to straight line', unit: '', least: 1, most: 3 },
  speedKmH: { label: 'Speed', unit: 'km/h', least: 5, most: 100 },
  homeKw: { label: 'Charge point at home', unit: 'kW', least: 1, most: 50 },
  publicKw: { label: 'Public charge point near home', unit: 'kW', least: 1, most: 400 },
  chargerEfficiency: { label: 'Efficiency of charging', unit: '%', least: 50, most: 100, scale: 100 },
  seed: { label: 'Seed', unit: '', least: 0, most: 2_147_483_647, isWhole: true },
}
