/** `npm run fuzz -- [FRAMES] [SEED]`: ten million broken frames. Prints its seed; pass it back to repeat a run. */
import { captureSeeds } from './captures.ts'
import { fuzz } from './run.ts'

const [frames = '10000000', seed = String(Date.now() % 1_000_000_007)] = process.argv.slice(2)
process.stdout.write(`${frames} frames, seed ${seed}\n`)
const started = performance.now()
const report = fuzz(Number(frames), Number(seed), captureSeeds())
const seconds = Math.round((performance.now() - started) / 100) / 10
process.stdout.write(`${JSON.stringify({ ...report, seconds })}\n`)
