import { fspNoticeOperations } from '../../../schemas/market/notices.ts'
import { bind, tenantOf } from '../../kit/index.ts'
import { addNoticeTarget } from './add-target.ts'
import { changeNoticeTarget } from './change-target.ts'
import { removeNoticeTarget } from './remove-target.ts'
import { sendFspNoticeAgain } from './send-again.ts'
import { listTargets, pageOfNotices } from './store.ts'

export { oweFspNotices, type Told } from './owe-notices.ts'
export { sendFspNotices } from './send-notices.ts'
export { sealedNoticeKeys } from './tables.ts'

/** Notices to FSPs, and where each FSP has its own sent. */
export const fspNotices = bind(fspNoticeOperations, {
  addNoticeTarget,
  changeNoticeTarget,
  removeNoticeTarget,
  sendFspNoticeAgain,

  listFspNotices: ({ db, actor, query: { fspId, state, ...page } }) =>
    pageOfNotices(db, { fspId: tenantOf(actor) ?? fspId, state }, page),

  async listNoticeTargets({ db, actor }) {
    return { items: await listTargets(db, actor.fspId), nextCursor: null }
  },
})
