import { customerSiteOperations } from '../../../schemas/market/customers.ts'
import { bind, proposed } from '../../kit/index.ts'
import { consentsOf, giveSiteConsent, revokeSiteConsent } from './consents.ts'
import {
  applyByPlan,
  applyForOwnProfile,
  listOwnApplications,
  readOwnSite,
  readOwnSiteCompliance,
  readOwnSiteDay,
} from './own-site.ts'
import { saveCustomerSites } from './save-sites.ts'
import { exportSiteSchedule, readSiteSchedule } from './schedule.ts'
import { siteIdsOf, sitesOf, viewSites } from './sites.ts'

export { addSites } from './sites.ts'
export { tellCustomers } from './tell-customers.ts'

/** Sites of customers, their applications and consents, and what FSPs read of them by consent. */
export const customerSites = bind(customerSiteOperations, {
  readCustomerSites: ({ db, params }) => sitesOf(db, params.customerId),
  saveCustomerSites: proposed(saveCustomerSites),
  listOwnSites: async ({ db, at, actor }) => viewSites(db, at, await siteIdsOf(db, actor.customerId)),
  readOwnSite,
  listOwnApplications,
  readOwnSiteDay,
  readOwnSiteCompliance,
  applyForOwnProfile,
  applyByPlan,
  giveSiteConsent,
  revokeSiteConsent,
  listSiteConsents({ db, at, actor }) {
    if (actor.kind === 'person') return consentsOf(db, at, {})
    return consentsOf(db, at, actor.kind === 'fsp' ? { fspId: actor.fspId } : { customerId: actor.customerId })
  },
  readSiteSchedule,
  exportSiteSchedule,
})
