import type { Highs } from 'highs'
import { loadHighs, optimal, withProgram } from '../../../../platform/linear-programs/index.ts'
import { type ChargingAim, chargingModel, type ReadPlan, type VehicleClass } from './model.ts'
import { weekPeriods } from './week.ts'

/** How vehicles charge in a week: what each class draws and the whole site, kW by half-hour. */
export interface ChargingWeek extends ReadPlan {
  siteKw: Float64Array
}

/**
 * A peak ties all vehicles together, which the simplex method is slow at; the interior point is twice as fast, and of it only the height of
 * the peak is used.
 */
const options = { peak: { solver: 'ipm', run_crossover: 'off' }, cost: {} }

/** Room for a second aim beyond what the first one came to, as a share: a hundred times the solver's own tolerance. */
const roomShare = 1e-6

/**
 * The exact least peak of a site, and of the ways to keep it the cheapest; or the exact least cost within a limit. `null` where nothing keeps
 * within the limit, as `leastExcessKw` says by how much.
 */
export async function chargeSmartly(classes: readonly VehicleClass[], aim: ChargingAim): Promise<ChargingWeek | null> {
  const highs = await loadHighs()
  if (aim.least === 'cost') return solve(highs, classes, aim)
  const peak = solve(highs, classes, aim)
  if (!peak) return null
  const peakKw = peak.siteKw.reduce((most, kw) => Math.max(most, kw), 0)
  const limitKw = new Float64Array(weekPeriods).fill(peakKw * (1 + roomShare) + roomShare)
  return solve(highs, classes, { ...aim, least: 'cost', limitKw }) ?? peak
}

/** By how much the site goes beyond a limit at the least, with room for the tolerance of the solver, kW. */
export async function leastExcessKw(classes: readonly VehicleClass[], aim: ChargingAim): Promise<number> {
  const { limitKw } = aim
  if (!limitKw) return 0
  const over = aim.backgroundKw.map((kw, t) => kw - (limitKw[t] ?? 0))
  const found = solve(await loadHighs(), classes, { ...aim, least: 'peak', backgroundKw: over })
  if (!found) throw new Error('a week that unmanaged charging manages has a plan')
  const most = found.siteKw.reduce((peak, kw) => Math.max(peak, kw), 0)
  const highest = limitKw.reduce((peak, kw) => Math.max(peak, kw), most)
  return most + roomShare * (1 + highest)
}

function solve(highs: Highs, classes: readonly VehicleClass[], aim: ChargingAim): ChargingWeek | null {
  const { model, read } = chargingModel(classes, aim)
  const solution = withProgram(highs, model, (solver) => {
    solver.options.set(options[aim.least])
    solver.run()
    return solver.getModelStatus() === optimal ? solver.getSolution().colValue : null
  })
  if (!solution) return null
  const plan = read(solution)
  const { classKw, solarKw, batteryKw } = plan
  const siteKw = aim.backgroundKw.map((kw, t) =>
    classKw.reduce((sum, own) => sum + (own[t] ?? 0), kw - (solarKw?.[t] ?? 0) + (batteryKw?.[t] ?? 0)),
  )
  return { ...plan, siteKw }
}
