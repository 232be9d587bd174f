import { authorityOperations } from '../../../schemas/market/authorities.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { bind, tenantOf } from '../../kit/index.ts'
import { applyForAuthorities } from './apply-for-authorities.ts'
import { decideOnAuthorityApplication } from './decide-on-application.ts'
import { decideOnAuthority } from './decide-on-authority.ts'
import { endAuthority } from './end-authority.ts'
import { importAuthorities } from './import-authorities.ts'
import { pageOfAuthorities } from './store.ts'

export { type AuthorisedDays, authorisedDays, mpansWithoutAuthority, unitsWithoutAuthority } from './days.ts'

/** FSPs' authority over meter points. */
export const authorities = bind(authorityOperations, {
  applyForAuthorities,
  importAuthorities,
  decideOnAuthority,
  decideOnAuthorityApplication,
  endAuthority,

  listAuthorities({ db, at, actor, query: { state, mpan, fspId, applicationId, ...page } }) {
    const tenant = tenantOf(actor)
    const reader = { isDno: tenant === null, today: tradingDayOf(at) }
    return pageOfAuthorities(db, { state, mpan, applicationId, fspId: tenant ?? fspId }, page, reader)
  },
})
