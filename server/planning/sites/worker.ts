import { parentPort } from 'node:worker_threads'
import type { PlanInput } from '../../../schemas/planning/sites/plan.ts'
import { planSite } from './engine/plan.ts'

parentPort?.on('message', async (input: PlanInput) => {
  parentPort?.postMessage(await planSite(input))
})
