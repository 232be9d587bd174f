import { z } from 'zod'
import { setting } from '../vocabulary/setting.ts'

/** How strictly the notice of FUs is kept. */
export const noticeSettings = setting({
  id: 'dispatch.notice',
  title: 'Notice of turn-downs',
  description:
    'An FU’s notice counts from when its instruction is sent to when the turn-down begins. An instruction that goes out later by no more than the tolerance, because a tick or the link to the FSP was late, still counts as in time.',
  source: 'Domain section 12, Optimisation and dispatch',
  figures: { toleranceS: z.number().int().min(0).max(900) },
  defaults: { toleranceS: 120 },
})
