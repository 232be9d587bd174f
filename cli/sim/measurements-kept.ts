import { type HandedOver, type Invariant, keyOfBatch, type Measured, type Observed } from './observed.ts'

/** What a measurement says, apart from when it was received. */
const changeOf = (m: Omit<HandedOver, 'hubId'>) => `${m.feeder} ${m.phase} ${m.quantity} ${m.value} ${m.deviceMs}`
const wordsOf = (m: Measured) => `${changeOf(m)} ${m.receivedMs}`

/** What the server acknowledged of a gateway is stored once, as it was sent; what a hub has forgotten, because it was confirmed, is stored. */
export const measurementsKept: Invariant = ({ delivered, batches, handedOver }) => [
  ...delivered.flatMap((batch) => {
    const what = `batch ${batch.sequence} of hub ${batch.hubId}`
    const found = batches.get(keyOfBatch(batch))
    if (!found) return [`${what} was acknowledged and is lost`]
    if (found.readings.length !== batch.readings.length)
      return [
        `${what} was acknowledged with ${batch.readings.length} readings and is stored with ${found.readings.length}`,
      ]
    const [sent, stored] = [batch, found].map(({ readings }) => readings.map(wordsOf).sort())
    const other = sent?.find((words, i) => words !== stored?.[i])
    return other === undefined ? [] : [`${what} is stored otherwise than it was sent: ${other}`]
  }),
  ...lostChanges({ batches, handedOver }),
]

function lostChanges({ batches, handedOver }: Pick<Observed, 'batches' | 'handedOver'>): string[] {
  const stored = new Set(
    [...batches.values()].flatMap(({ hubId, readings }) => readings.map((each) => `${hubId} ${changeOf(each)}`)),
  )
  return handedOver
    .map((change) => `${change.hubId} ${changeOf(change)}`)
    .filter((change) => !stored.has(change))
    .map((change) => `a change was confirmed to its hub and is lost: ${change}`)
}
