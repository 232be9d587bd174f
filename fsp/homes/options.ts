import type { EstateSeed } from '../../schemas/fsp/homes.ts'
import type { FirstChargePoints } from '../app/charge-points.ts'
import type { OpenOptions } from '../app/open.ts'
import type { OcppPort } from '../chargepoints/index.ts'
import type { FirstRegisters } from '../registers/index.ts'

export interface HomesFspOptions extends OpenOptions {
  dnoUrl: string
  estates: readonly EstateSeed[]
  /** Seed of what the homes need. */
  seed: number
  /** Vans that charge at homes, beside the estates; without them there are none, and no port for charge points. */
  vans?: VanOptions
}

/** What the vans begin with; from then on the database decides. */
export interface VanOptions extends Omit<FirstChargePoints, 'environment'> {
  first: FirstRegisters
  /** Port for the charge points; 0 takes any free port. */
  ocppPort: number
  ocppTls?: OcppPort['tls']
  isPlainOcppAllowed?: boolean
}
