import { LocalDate } from '@js-joda/core'
import type { Der, Fsp } from '../../../schemas/market/parties.ts'
import type { der, fsp } from './tables.ts'

/** An FSP as the API shows it: without secrets. */
export function viewFsp(row: typeof fsp.$inferSelect): Fsp {
  return {
    fspId: row.fspId,
    companyName: row.companyName,
    contactName: row.contactName,
    contactEmail: row.contactEmail,
    status: row.status,
    reason: row.reason,
    appliedAt: row.appliedAt.toString(),
    decidedAt: row.decidedAt?.toString() ?? null,
    decidedBy: row.decidedBy,
    controlApiUrl: row.controlBaseUrl,
    dispatchRoute: row.dispatchRoute,
    dispatchEmail: row.dispatchEmail,
  }
}

/** A DER as the API shows it. */
export function viewDer(row: typeof der.$inferSelect): Der {
  const { derId, fspId, name, kind, mpan, ratedW } = row
  return { derId, fspId, name, kind, mpan, ratedW, consent: viewConsent(row) }
}

/** A consent as it is stored. */
type StoredConsent = Pick<typeof der.$inferSelect, 'consentReference' | 'consentFrom' | 'consentUntil'>

export function viewConsent({ consentReference, consentFrom, consentUntil }: StoredConsent): Der['consent'] {
  if (consentReference === null || consentFrom === null) return null
  return { reference: consentReference, from: consentFrom.toString(), until: consentUntil?.toString() ?? null }
}

/** A consent as it is stored. */
export function columnsOfConsent(consent: Der['consent'] | undefined): StoredConsent {
  return {
    consentReference: consent?.reference ?? null,
    consentFrom: consent ? LocalDate.parse(consent.from) : null,
    consentUntil: consent?.until ? LocalDate.parse(consent.until) : null,
  }
}
