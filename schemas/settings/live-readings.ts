import { z } from 'zod'
import { setting } from '../vocabulary/setting.ts'

/** Which live readings are taken, and how long they are kept. */
export const liveReadingSettings = setting({
  id: 'dispatch.live-readings',
  title: 'Live readings of FSPs',
  description:
    'A live reading with a time further ahead of the server’s, or further behind it, is passed over and named in the receipt. Those that are kept longer than the days here are deleted: they are for watching delivery, and no settlement reads them.',
  source: 'Domain section 12, Field equipment and files (2 min ahead, 24 h behind)',
  figures: {
    aheadS: z.number().int().min(0).max(3_600),
    behindMinutes: z.number().int().min(1).max(10_080),
    keepDays: z.number().int().min(1).max(400),
  },
  defaults: { aheadS: 120, behindMinutes: 1_440, keepDays: 14 },
})
