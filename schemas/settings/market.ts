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

/** What a tender states where its author leaves it out. */
export const tenderSettings = setting({
  id: 'market.tenders',
  title: 'Tenders',
  description:
    'Offers are compared with availability in full and utilisation for the share of the windows in which it is expected. A tender keeps the share that it was drafted with. Where offers are derated, only the share of each FU’s turn-down that its settled delivery has shown counts towards a requirement.',
  source: 'Domain section 12, Optimisation and dispatch; report section 2.4.3 (derating)',
  figures: { expectedUtilisationShare: z.number().min(0).max(1).multipleOf(0.01), deratesOffers: z.boolean() },
  defaults: { expectedUtilisationShare: 0.3, deratesOffers: false },
})

/** When FSPs are told that a schedule is missing. */
export const gateNoticeSettings = setting({
  id: 'market.gate-notices',
  title: 'Notices of missing schedules',
  description:
    'An FSP whose contracted FUs have submitted nothing is told this long before the gate closes, once for each gate. Where it submits nothing, its contracts hold.',
  source: 'Domain section 4, schedules that an FSP submits; the 60 min are our own',
  figures: { minutesBeforeGate: z.number().int().min(5).max(1_440).multipleOf(5) },
  defaults: { minutesBeforeGate: 60 },
})
