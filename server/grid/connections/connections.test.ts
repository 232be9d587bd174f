import { Instant, LocalDate } from '@js-joda/core'
import { expect, test } from 'vitest'
import { createTestDatabase } from '../../../test/support/database.ts'
import { isBehind } from '../network/index.ts'
import { eveningLimits, saveTestNetwork, saveTestSite } from '../test/support/site.ts'
import { connectionOfMpan, saveProfile } from './index.ts'

const { db } = await createTestDatabase('server')
const at = Instant.parse('2026-01-15T12:00:00Z')
await saveTestNetwork(db)
const site = await saveTestSite(db, at)
const day = (text: string) => LocalDate.parse(text)

test('a connection is found by its MPAN, and is behind every node that feeds it', async () => {
  const found = await connectionOfMpan(db, site.mpan)
  expect(found).toMatchObject({ connectionId: site.connectionId, nodeId: 'sec' })
  expect(await connectionOfMpan(db, '1200000999999')).toBeNull()
  expect([await isBehind(db, 'sec', 'gsp'), await isBehind(db, 'sec', 'sec')]).toEqual([true, true])
  expect([await isBehind(db, 'pri', 'sec'), await isBehind(db, 'nowhere', 'gsp')]).toEqual([false, false])
})

test('FM14 overlapping approved profiles are refused by the database, and the clash is named', async () => {
  const second = {
    connectionId: site.connectionId,
    version: 2,
    fallbackLimitW: null,
    limits: eveningLimits,
    validFrom: day('2026-12-31'),
    validTo: day('2027-12-30'),
  }
  await expect(saveProfile(db, { ...second, state: 'approved' })).rejects.toMatchObject({
    kind: 'conflict',
    message: expect.stringContaining('overlaps the approved profile valid from 2026-01-01 to 2026-12-31'),
  })
  await saveProfile(db, { ...second, state: 'applied' })
  await saveProfile(db, { ...second, state: 'approved', validFrom: day('2027-01-01') })
})
