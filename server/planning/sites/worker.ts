import { parentPort } from 'node:worker_threads'
import { hundredths, type Said } from '../../../platform/workers/index.ts'
import type { PlanInput, PlanResult } from '../../../schemas/planning/sites/plan.ts'
import { planSite } from './engine/plan.ts'

const say = (said: Said<PlanResult>) => parentPort?.postMessage(said)

parentPort?.on('message', async (input: PlanInput) => {
  say({
    answer: await planSite(
      input,
      hundredths((progress) => say({ progress })),
    ),
  })
})
