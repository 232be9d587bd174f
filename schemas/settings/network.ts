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
