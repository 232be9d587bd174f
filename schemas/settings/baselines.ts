import { z } from 'zod'
import { setting } from '../vocabulary/setting.ts'

const days = z.number().int().min(1).max(365)

/** Which days are comparable with the one that is settled. */
export const baselineSettings = setting({
  id: 'settlement.baselines',
  title: 'Comparable days of baselines',
  description:
    'A baseline averages comparable days within the usual look-back. If there are too few, days up to the longest look-back are added; if there are still too few, the contract’s fallback applies. A month is settled with the figures in force at its start.',
  source: 'Domain section 12, Baselines',
  figures: { usualLookBackDays: days, longestLookBackDays: days, fewestDays: z.number().int().min(2).max(10) },
  defaults: { usualLookBackDays: 60, longestLookBackDays: 120, fewestDays: 5 },
})
