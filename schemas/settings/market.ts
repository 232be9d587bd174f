import { z } from 'zod'
import { setting } from '../vocabulary/setting.ts'

/** Whether an FU may serve others in the time of a contract. */
export const stackingSettings = setting({
  id: 'market.stacking',
  title: 'Services to others in the time of a contract',
  description:
    'Where an FU serves the system operator or another DNO within a contract’s window, the registration is refused, or taken and flagged. A service that is not registered still changes the load, and then baselines count its days.',
  source: 'Domain section 12, Baselines; stacking and primacy',
  figures: { onConflict: z.enum(['refuse', 'flag']) },
  defaults: { onConflict: 'flag' },
})
