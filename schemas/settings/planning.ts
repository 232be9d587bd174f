import { z } from 'zod'
import { setting } from '../vocabulary/setting.ts'

/** What the server's own load forecasts learn from, and which of their quantiles the DNO plans by. */
export const loadModelSettings = setting({
  id: 'planning.load-model',
  title: 'Own load forecasts',
  description:
    'Each night the server forecasts the load of every node and connection with enough history for 48 hours. An uploaded forecast takes precedence. The percentile is the one that the optimiser and suggested requirements count with.',
  source: 'Domain section 9; report section 2.4: forecasts with their spread',
  figures: {
    historyDays: z.number().int().min(28).max(732),
    leastKnownDays: z.number().int().min(7).max(366),
    leastCompleteness: z.number().min(0.1).max(1),
    percentile: z.union([z.literal(10), z.literal(50), z.literal(90)]),
  },
  defaults: { historyDays: 400, leastKnownDays: 14, leastCompleteness: 0.9, percentile: 50 },
})
