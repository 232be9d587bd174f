import type { z } from 'zod'
import type { nodePage } from '../../../../schemas/grid/network.ts'

type Phases = z.infer<typeof nodePage>['hubs'][number]['phases']

/** The phases that never reported, feeder by feeder: `feeder 1 L3, feeder 2 L1`; `null` if all have. */
export function phasesInWords(phases: Phases): string | null {
  const missing = phases.filter(({ isHeard }) => !isHeard)
  const place = ({ feeder, phase }: Phases[number]) => `feeder ${feeder}${phase === 'none' ? '' : ` ${phase}`}`
  return missing.length === 0 ? null : missing.map(place).join(', ')
}
