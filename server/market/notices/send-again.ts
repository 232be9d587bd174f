import type { fspNoticeOperations } from '../../../schemas/market/notices.ts'
import type { Verb } from '../../kit/index.ts'
import { fspOutbox } from './send-notices.ts'

/** Queues a notice again that is not on its way: one that was given up, that had no address, or that its recipient has lost. */
export const sendFspNoticeAgain: Verb<typeof fspNoticeOperations.sendFspNoticeAgain> = async (call) => {
  const { db, at, params } = call
  await fspOutbox.sendAgain(db, at, params.id, ['sent', 'dead', 'unaddressed'])
  call.audit({ action: 'fsp-notice.sent-again', subject: { type: 'fsp-notice', id: params.id } })
  call.announce('market')
}
