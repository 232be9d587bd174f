import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import { operations } from '../../../schemas/operations.ts'
import type { EditionKind } from '../../../schemas/planning/demand-editions.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { saveTestNetwork } from '../../grid/test/support/site.ts'
import { runWaiting } from './run-demand.ts'

/** Real data beside the project: ONS and the chargepoint registry (OGL v3), DFES of UK Power Networks (its open data terms). */
const FOLDER = join(import.meta.dirname, '../../../../shared/data/geography')

test.skipIf(!existsSync(FOLDER))(
  'EVD04 the real files of London are imported as they are, and run (skipped where ../shared is absent)',
  async () => {
    const { db, url } = await createTestDatabase('server')
    await saveTestNetwork(db)
    const server = await startTestServer(url, new SimulatedClock(Instant.parse('2026-01-15T10:00:00Z')))
    const planner = await server.person('priya', 'planner')
    const send = async (kind: EditionKind, file: string) => {
      const text = readFileSync(join(FOLDER, file), 'utf8')
      const { status, body } = await planner.ask(operations.importDemandEdition, { params: { kind }, text })
      expect({ file, status, detail: body.detail }).toEqual({ file, status: 200, detail: undefined })
      return body.edition
    }
    const areas = await send('areas', 'london_lsoa2021_bng.csv')
    expect(areas.summary).toMatchObject({ areas: 4_994, boroughs: 33, withoutShape: 0, withoutCars: 4_994 })
    const growth = await send('growth', 'dfes_lsoa_ev_pct_cars_LW.csv')
    expect(growth.summary).toMatchObject({ firstYear: 2021, lastYear: 2050 })
    // Areas with few cars have shares of up to 1.25 in six cells.
    expect(new Set(growth.anomalies.map(({ kind }: { kind: string }) => kind))).toEqual(new Set(['share-above-1']))
    const points = await send('charge-points', 'london_charge_points.csv')
    expect(points.summary.chargePoints).toBe(points.rows)
    const body = { title: 'Leading the Way', areas: areas.editionId, growth: growth.editionId }
    const { body: run } = await planner.ask(operations.startNetworkRun, { body })
    await runWaiting(server.context)
    const { body: done } = await planner.ask(operations.readDemandRun, { params: { id: run.runId } })
    // The one substation of this network takes all areas; no area has a number of cars, and 746 are not in the scenario: other DNOs'
    // areas in the west, and codes of 2021 that 2011 did not have. Each borough has some that are.
    expect(done).toMatchObject({
      state: 'done',
      summary: { areas: 4_994, areasWithoutNode: 0, areasWithoutCars: 4_994, nodesExceeded: 0 },
    })
    expect(done.summary).toMatchObject({ areasByBorough: 746, areasByAll: 0 })
  },
)
