import { z } from 'zod'
import { setting } from '../vocabulary/setting.ts'

/** How ratings in kVA become a load that a node may carry. */
export const capacitySettings = setting({
  id: 'network.capacity',
  title: 'Capacity of nodes',
  description:
    'A rating in kVA times the power factor is the load that a node may carry. Headroom, assessments, target levels and the optimiser use it.',
  source: 'Domain sections 3 and 12; trial (0.95)',
  figures: { powerFactor: z.number().min(0.5).max(1) },
  defaults: { powerFactor: 0.95 },
})

const factor = z.number().min(0.05).max(1)

/** How the headroom of nodes is found. */
export const headroomSettings = setting({
  id: 'network.headroom',
  title: 'Headroom of nodes',
  description:
    'How far back the history of a season counts, and for each level the share of all agreed limits below a node that is taken to coincide there. Headroom and assessments use them.',
  source: 'Domain section 12 (two years back at most; diversity 1)',
  figures: {
    historyDays: z.number().int().min(1).max(731),
    diversityGsp: factor,
    diversityBsp: factor,
    diversityPrimary: factor,
    diversitySecondary: factor,
    diversityFeeder: factor,
  },
  defaults: {
    historyDays: 730,
    diversityGsp: 1,
    diversityBsp: 1,
    diversityPrimary: 1,
    diversitySecondary: 1,
    diversityFeeder: 1,
  },
})
