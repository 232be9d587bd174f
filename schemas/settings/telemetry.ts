import { z } from 'zod'
import { setting } from '../vocabulary/setting.ts'

const seconds = z.number().int().min(0).max(86_400)

/** When a connection is at risk and in breach of the limit in force. */
export const complianceSettings = setting({
  id: 'grid.compliance',
  title: 'Compliance with import limits',
  description:
    'A breach begins when import has exceeded the limit by more than a share of it for some time, or when the mean of the settlement period exceeds it; it ends after some time below a share of the limit. At risk has the same delays.',
  source: 'Domain sections 3 and 12',
  figures: {
    breachOverShare: z.number().min(0).max(0.5),
    breachAfterS: seconds,
    breachEndShare: z.number().min(0.5).max(1),
    breachEndsAfterS: seconds,
    atRiskShare: z.number().min(0.5).max(1),
  },
  defaults: {
    breachOverShare: 0.01,
    breachAfterS: 60,
    breachEndShare: 0.98,
    breachEndsAfterS: 300,
    atRiskShare: 0.95,
  },
})
