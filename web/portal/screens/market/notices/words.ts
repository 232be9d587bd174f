import type { FspNoticeState } from '../../../../../schemas/market/notices.ts'
import type { Wording } from '../../../../shared/format/words.ts'

export const noticeStateWords: Record<FspNoticeState, Wording> = {
  owed: { word: 'To be sent', tone: 'normal', shape: 'arrow' },
  sent: { word: 'Sent', tone: 'quiet', shape: 'tick' },
  dead: { word: 'Given up', tone: 'risk', shape: 'diamond' },
  unaddressed: { word: 'No address', tone: 'risk', shape: 'diamond' },
}
