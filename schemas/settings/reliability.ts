import { z } from 'zod'
import { setting } from '../vocabulary/setting.ts'

/** Over how much of the past an FU's reliability is observed. */
export const reliabilitySettings = setting({
  id: 'settlement.reliability',
  title: 'Reliability of FUs',
  description:
    'Reliability is what an FU delivered of what it was instructed, over its latest settled quarter-hours with an instruction. It may derate offers.',
  source: 'Report section 2.4.3: derating by observed reliability',
  figures: { mostPeriods: z.number().int().min(1).max(2_000) },
  defaults: { mostPeriods: 80 },
})
