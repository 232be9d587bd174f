import type { z } from 'zod'
import type { FspApplication, newDer } from '../../schemas/market/parties.ts'

/** A place with an MPAN that an FSP flexes as one unit. A depot is one; so is an estate of homes. */
export interface Site {
  /** Our own identifier of it. */
  depotId: string
  connectionId: string
  mpan: string
  /** Whose letter of authority we hold. */
  customer: string
  unitName: string
  der: Pick<z.infer<typeof newDer>, 'name' | 'kind'>
  /** Most that its DER draws, W. */
  ratedW: number
  /** How far its DER can be made to draw more than it would, W; absent where it cannot. */
  maxTurnUpW?: number
}

/** Who an FSP is, and what it registers with the DNO. */
export interface Business {
  company: Pick<FspApplication, 'companyName' | 'contactName' | 'contactEmail'>
  /** Its sites at present: a depot may come and go. */
  sites: () => readonly Site[]
}
