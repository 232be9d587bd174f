import type { z } from 'zod'
import type { FspApplication, newDer } from '../../schemas/market/parties.ts'

/** A DER of a unit over many connections, behind a meter point of its own. */
export interface SiteMember {
  mpan: string
  name: string
  /** Most that it draws, W. */
  ratedW: number
}

/**
 * What an FSP flexes as one unit: a place with an MPAN, such as a depot or an estate of homes, or DERs at many connections behind one node,
 * such as the charge points of drivers.
 */
export interface Site {
  /** Our own identifier of it. */
  depotId: string
  /** `null`: it is over many connections. */
  connectionId: string | null
  /** `null`: each of its members has its own. */
  mpan: string | null
  /** Of a unit over many connections: its members, and the DNO's node that they are behind. */
  members?: readonly SiteMember[]
  nodeId?: string
  /** The code of the DNO's licence area that it is in; `null` if unknown. */
  licenceArea: string | null
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

/** The DERs of a site, each with its meter point: its members, or the one behind its connection. */
export function membersOf({ members, mpan, der, ratedW }: Site): readonly SiteMember[] {
  return members ?? (mpan === null ? [] : [{ mpan, name: der.name, ratedW }])
}
