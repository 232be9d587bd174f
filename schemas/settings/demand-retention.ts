import { z } from 'zod'
import { setting } from '../vocabulary/setting.ts'

/** How long the rows of editions of EV demand are kept. */
export const demandRetentionSettings = setting({
  id: 'planning.demand-retention',
  title: 'How long the data of EV demand are kept',
  description:
    'Days from the import. Trips show where people were: after that long their rows are deleted, with what names vehicles. So is what runs read of the network, which is large. Editions keep their digest and summary, and runs their results, but a run whose rows are gone cannot be repeated. Other kinds are small and name nobody: they stay. Trips that were made up stay too.',
  source: 'Ours: a year and a month of trips, to compare with the year before; five years of networks',
  figures: {
    tripDays: z.number().int().min(1).max(3_660),
    networkDays: z.number().int().min(30).max(36_600),
  },
  defaults: { tripDays: 400, networkDays: 1_830 },
})
