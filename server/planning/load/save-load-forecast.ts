import { LocalDate } from '@js-joda/core'
import { ProblemError, refuse } from '../../../platform/http/index.ts'
import type { loadOperations } from '../../../schemas/planning/load.ts'
import { periodStarts, toQuarterHours } from '../../../schemas/vocabulary/time.ts'
import { findNode } from '../../grid/index.ts'
import { nameOf, type Verb } from '../../kit/index.ts'
import { forecastRefusal } from './rules.ts'
import { loadsOn, saveLoads } from './store.ts'
import { viewForecast } from './views.ts'

/** FA07: stores the expected load of a node on a day. */
export const saveLoadForecast: Verb<typeof loadOperations.saveLoadForecast> = async (call) => {
  const { db, at, actor, params, body } = call
  const [{ nodeId }, day] = [params, LocalDate.parse(params.day)]
  if (!(await findNode(db, nodeId))) throw new ProblemError('not-found', `Network node ${nodeId} not found.`)
  refuse(forecastRefusal(day, body))
  const [values, updatedBy] = [toQuarterHours(body), nameOf(actor)]
  const rows = periodStarts(day, 'PT15M').map((periodStart, i) => ({
    nodeId,
    periodStart,
    loadW: values[i] ?? 0,
    updatedAt: at,
    updatedBy,
  }))
  await saveLoads(db, rows)
  call.audit({
    action: 'load-forecast.saved',
    subject: { type: 'node', id: nodeId },
    detail: { tradingDay: params.day, quarterHours: rows.length },
  })
  return viewForecast(params, (await loadsOn(db, day, nodeId)).get(nodeId))
}
