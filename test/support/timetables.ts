import type { Timetable, TimetableChange } from '../../schemas/market/timetables.ts'
import { operations } from '../../schemas/operations.ts'
import type { Answer, Client } from './client.ts'
import { agreed } from './second-person.ts'

/** What a timetable is narrowed to; nothing: the whole product. */
export type Narrowed = { zone?: string; contract?: string }

/** A timetable as it is listed; `undefined` if there is none. */
export async function listedTimetable(
  who: Client,
  product: string,
  { zone, contract }: Narrowed = {},
): Promise<Timetable | undefined> {
  const { items } = (await who.ask(operations.listTimetables)).body as { items: Timetable[] }
  return items.find(
    (one) => one.product === product && one.zoneNodeId === (zone ?? null) && one.contractId === (contract ?? null),
  )
}

/** Proposes a change of what the product has now, or of its narrower timetable. */
export async function askForTimetable(
  who: Client,
  product: string,
  change: Partial<NonNullable<Timetable['settings']>> | null,
  given: Narrowed & Partial<Pick<TimetableChange, 'inForceFrom'>> & { version?: number } = {},
): Promise<Answer> {
  const { inForceFrom = null, version, ...query } = given
  const [whole, own] = [await listedTimetable(who, product), await listedTimetable(who, product, query)]
  const settings = change && { ...(own?.settings ?? whole?.settings), ...change }
  return who.ask(operations.changeTimetable, {
    params: { product },
    query,
    body: { settings, inForceFrom },
    version: version ?? own?.version ?? 0,
  })
}

/** Has a second person approve such a change. */
export async function putTimetable(
  by: { first: Client; second: Client },
  ...change: Parameters<typeof askForTimetable> extends [Client, ...infer Rest] ? Rest : never
): Promise<void> {
  await agreed(by.second, askForTimetable(by.first, ...change))
}
