import type { ownForecastOperations } from '../../../schemas/planning/own-forecast.ts'
import { placeNames } from '../../grid/index.ts'
import { keyIn, pageFrom, type Verb } from '../../kit/index.ts'
import { modelsByError } from './store.ts'
import { viewModel } from './views.ts'

/** The latest model of each place, the least accurate first: error against that of the better naive forecast. */
export const listLoadModels: Verb<typeof ownForecastOperations.listLoadModels> = async ({ db, query }) => {
  const { kind, cursor, limit } = query
  const [share, id] = cursor === undefined ? [] : keyIn(cursor)
  const after = share === undefined || id === undefined ? null : { share: Number(share), id: String(id) }
  const rows = await modelsByError(db, kind, after, limit + 1)
  const names = await placeNames(
    db,
    kind,
    rows.map((row) => row.placeId),
  )
  return pageFrom(
    rows,
    query,
    (row) => [row.share, row.placeId],
    (row) => ({ kind, id: row.placeId, name: names.get(row.placeId) ?? row.placeId, model: viewModel(row) }),
  )
}
