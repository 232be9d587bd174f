import { parentPort, workerData } from 'node:worker_threads'
import { loadHighs } from '../../platform/linear-programs/index.ts'
import { solveByHighs } from '../../test/support/highs-tree.ts'
import { instanceOf, penalty } from './instances.ts'

/** HiGHS on the first quarter-hour of an instance, in a thread of its own: says when it begins and when it has solved it. */
const { units } = workerData as { units: number }
const { tree, day } = instanceOf(units, 1)
const highs = await loadHighs()
parentPort?.postMessage('begun')
for (const period of day) solveByHighs(highs, tree, period, penalty)
parentPort?.postMessage('solved')
