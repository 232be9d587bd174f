import { z } from 'zod'
import { setting } from '../vocabulary/setting.ts'

const days = z.number().int().min(1).max(365)

/** Which days are comparable with the one that is settled. */
export const baselineSettings = setting({
  id: 'settlement.baselines',
  title: 'Comparable days of baselines',
  description:
    'Baselines average comparable days of the usual look-back. Where it has fewer than the fewest, days up to the longest look-back count too, and after that the contract’s fallback. A month is settled by the figures in force as it began.',
  source: 'Domain section 12, Baselines',
  figures: { usualLookBackDays: days, longestLookBackDays: days, fewestDays: z.number().int().min(2).max(10) },
  defaults: { usualLookBackDays: 60, longestLookBackDays: 120, fewestDays: 5 },
})
