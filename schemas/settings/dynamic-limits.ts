import { z } from 'zod'
import { setting } from '../vocabulary/setting.ts'

/** How dynamic limits are shared, and when those of the next day are issued. */
export const dynamicLimitSettings = setting({
  id: 'planning.dynamic-limits',
  title: 'Dynamic limits',
  description:
    'Where a contract allows it, the limits of the next day follow forecast headroom. What is left of it after the floors is shared equally, or in proportion to the agreed limits. The hour is local: from then on the limits of the next day are issued.',
  source: 'Domain section 12: limits in force; report section 3: dynamic profiles',
  figures: { share: z.enum(['equal', 'proportional']), issueHour: z.number().int().min(1).max(23) },
  defaults: { share: 'equal', issueHour: 18 },
})
