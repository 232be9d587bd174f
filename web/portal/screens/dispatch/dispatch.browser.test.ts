import { Instant } from '@js-joda/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../../../schemas/operations.ts'
import type { Operation } from '../../../../schemas/vocabulary/operation.ts'
import type { Client, TestCall } from '../../../../test/support/client.ts'
import { type DispatchScene, startDispatch } from '../../../test/support/dispatch.ts'
import { expectGoodScreens } from '../../../test/support/portal.ts'

let scene: DispatchScene
let engineer: Client
let [islington, bexleyheath, premierPark]: string[] = []
/** A quarter-hour of Islington. */
let quarterHour: string

beforeAll(async () => {
  scene = await startDispatch()
  engineer = await scene.seeded('flex')
  islington = scene.depotFlex.fuOf('Islington')
  premierPark = scene.depotFlex.fuOf('Premier Park')
  bexleyheath = scene.bexleyFlex.fuOf('Bexleyheath')
  quarterHour = `/dispatch?fu=${islington}&at=2026-01-15T17%3A00%3A00Z`
}, 180_000)

const open = (path: string, who = engineer) => scene.open(who, path)
const read = async (operation: Operation, call: TestCall) => (await engineer.ask(operation, call)).body

describe('the dispatch board', () => {
  test('shows what was asked, acknowledged and delivered, and why in the side panel', async () => {
    const page = await open('/dispatch')
    await page
      .getByRole('gridcell', { name: /^Islington depot 17:00, 38\.0.kW asked, ended, 38\.0.kW delivered/ })
      .waitFor()
    await page.getByRole('gridcell', { name: /^Islington depot 17:45, 38\.0.kW asked, acknowledged/ }).waitFor()
    const cell = page.getByRole('gridcell', { name: /^Bexleyheath depot 18:00, 13\.0.kW asked, fsp did not answer/ })
    await cell.click()
    await page
      .getByRole('complementary', { name: 'Details' })
      .getByText(/^Sent: unknown/)
      .first()
      .waitFor()
    expect(new URL(page.url()).searchParams.get('at')).toBe('2026-01-15T18:00:00Z')
  })
  test('is moved in by arrow keys', async () => {
    const page = await open('/dispatch')
    await page.getByRole('gridcell', { name: /^Dartford depot 17:00/ }).focus()
    for (const key of ['ArrowRight', 'ArrowDown', 'Enter']) await page.keyboard.press(key)
    await page.getByRole('heading', { name: 'Islington depot, 17:15 to 17:30' }).waitFor()
  })
})

describe('a quarter-hour', () => {
  test('shows what went back and forth with the FSP, and why the optimisation chose so many W', async () => {
    const page = await open(quarterHour)
    await page.getByText('Sent: accepted').waitFor()
    await page.getByText('FSP reports started').waitFor()
    await page.getByText('20.0 kW of 38.0 kW').waitFor()
    expect(await page.getByText('Next: Mount Pleasant depot').count()).toBe(1)
  })
})

describe('schedules that FSPs submit', () => {
  test('open as a chart', async () => {
    const page = await open('/market/schedules')
    await page.getByRole('row', { name: /^Islington depot Cost/ }).click()
    await page.getByRole('img', { name: 'Cost, revision 1: 310.0 £/MWh all day.' }).waitFor()
  })
  test('are uploaded as a file, and a flaw is told with its line', async () => {
    const page = await open('/market/schedules?day=2026-01-17')
    const headings = 'fu_id,kind,trading_day,resolution,revision,period_start,value'
    const linesOf = (fuId: string) =>
      Array.from({ length: 48 }, (_, i) => {
        const from = Instant.parse('2026-01-17T00:00:00Z').plusSeconds(1_800 * i)
        return `${fuId},cost,2026-01-17,PT30M,1,${from},300.00`
      })
    const file = (...fuIds: string[]) => ({
      name: 'schedules.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from([headings, ...fuIds.flatMap(linesOf), ''].join('\n')),
    })
    await page.getByLabel('Schedule file').setInputFiles(file(islington ?? '', 'nobody'))
    await page.getByText(/line 50, fu_id .+ Nothing in the file was stored\./).waitFor()
    expect((await read(operations.listSubmittedSchedules, { query: { day: '2026-01-17' } })).items).toEqual([])
    await page.getByLabel('Schedule file').setInputFiles(file(islington ?? '', bexleyheath ?? ''))
    await page.getByText('2 schedules taken, 0 unchanged.').waitFor()
  })
})

describe('every screen of dispatch', () => {
  test('is accessible by axe in light and dark, and fits into 400 px', { timeout: 120_000 }, async () => {
    await expectGoodScreens(await open('/dispatch'), [
      ['/dispatch', 'Dispatch', '12.0 kW short at 17:45'],
      [quarterHour, 'Dispatch', 'Why the optimisation chose it'],
      [`/dispatch?fu=${islington}`, 'Dispatch', 'Version 1, flex'],
      [`/dispatch?fu=${islington}&edit=true`, 'Dispatch', 'Save as version 2'],
      [`/market/schedules?schedule=${islington}%20baseline`, 'Market', 'Baseline, revision 2'],
    ])
  })
})

describe('a manual schedule', () => {
  const ofIslington = () => ({ params: { fuId: islington, day: '2026-01-15', kind: 'manual' } })
  test('FA08 is saved as the next version over the one that was edited', async () => {
    const page = await open(`/dispatch?fu=${islington}`)
    await page.getByRole('button', { name: 'Change the manual schedule' }).click()
    await page.getByLabel('Turn-down, kW').fill('30')
    await page.getByRole('button', { name: 'Save as version 2' }).click()
    await page.getByText('manual v2').first().waitFor()
    const { version, values } = await read(operations.readDispatchSchedule, ofIslington())
    expect(version).toBe(2)
    expect(values.flatMap((value: number | null, i: number) => (value === null ? [] : [[i, value]]))).toEqual(
      [68, 69, 70, 71, 72, 73, 74, 75].map((i) => [i, 30_000]),
    )
  })
  test('FM15 shows the other’s version when somebody saved meanwhile, and keeps mine only on purpose', {
    timeout: 60_000,
  }, async () => {
    const page = await open(`/dispatch?fu=${islington}&edit=true`)
    await page.getByLabel('Turn-down, kW').fill('30')
    const other = await open(`/dispatch?fu=${islington}&edit=true`, await scene.seeded('flex2'))
    await other.getByLabel('Turn-down, kW').fill('20')
    await other.getByRole('button', { name: 'Save as version 3' }).click()
    await other.getByText('manual v3').first().waitFor()
    await page.getByRole('button', { name: 'Save as version' }).click()
    await page.getByText('flex2 saved version 3 meanwhile').waitFor()
    expect(await page.getByText('20.0 kW').count()).toBeGreaterThan(0)
    await page.getByRole('button', { name: 'Save mine as version 4' }).click()
    await page.getByText('manual v4').first().waitFor()
  })
  test('FA09 is made live instead of the optimised one', async () => {
    const selected = async () =>
      (await read(operations.readDispatchBoard, { query: { day: '2026-01-15' } })).rows.find(
        (row: { fuId: string }) => row.fuId === premierPark,
      ).selected
    expect(await selected()).toBe('optimised')
    const page = await open(`/dispatch?fu=${premierPark}`)
    await page.getByText('Manual v1', { exact: true }).click()
    await expect.poll(selected).toBe('manual')
  })
})

describe('an instruction without an answer', () => {
  test('FB08 is confirmed manually, with who answered and how', async () => {
    const page = await open(`/dispatch?fu=${bexleyheath}&at=2026-01-15T18%3A00%3A00Z`)
    await page.getByLabel('What the FSP answered').selectOption({ label: 'Refused: out of service' })
    await page.getByLabel('Who answered, and how').fill('Fay Fleet, by telephone')
    await page.getByRole('button', { name: 'Record' }).click()
    const instruction = async () =>
      (await read(operations.listInstructions, { query: { day: '2026-01-15', fuId: bexleyheath } })).items.find(
        (each: { intervals: { from: string }[] }) => each.intervals[0]?.from === '2026-01-15T18:00:00Z',
      )
    await expect.poll(async () => (await instruction()).state).toBe('refused')
    const { instructionId, reason } = await instruction()
    expect(reason).toContain('out-of-service')
    expect((await read(operations.readInstruction, { params: { id: instructionId } })).attempts.at(-1)).toMatchObject({
      action: 'confirm',
      outcome: expect.stringContaining('Fay Fleet, by telephone'),
    })
  })
})

describe('the optimisation', () => {
  test('is run for the day and product on the screen, and names the node that is short', async () => {
    const page = await open('/dispatch?product=B&day=2026-01-16')
    await page.getByText('12.0 kW short at 17:45').waitFor()
    await page.getByRole('button', { name: 'Optimise the day' }).click()
    await expect
      .poll(
        async () =>
          (await read(operations.listOptimisations, { query: { day: '2026-01-16', product: 'B' } })).items.length,
      )
      .toBe(2)
    expect(
      (await read(operations.listOptimisations, { query: { day: '2026-01-16', product: 'B' } })).items[0],
    ).toMatchObject({ startedBy: 'flex' })
  })
})

describe('delivery while it runs', () => {
  test('FUs that fall short are seen beside those that are not seen, and reserve is issued in two steps', {
    timeout: 120_000,
  }, async () => {
    // By hand: expected by its baseline are 30,931 W from 17:00 and 30,211 W from 17:30, so that 20 of 38 kW are
    // delivered. From 18:00 on 30 kW are planned, of which 10 are missing.
    const readings = [
      { at: '2026-01-15T17:20:00Z', powerW: 10_931 },
      { at: '2026-01-15T17:35:00Z', powerW: 10_211 },
    ]
    const { client, fuOf } = scene.depotFlex
    await client.ask(operations.sendLiveReadings, { body: { fuId: islington, readings } })
    // Whitechapel keeps 21 of its 51 kW from 18:00 on.
    const params = { fuId: fuOf('Whitechapel'), day: '2026-01-15', kind: 'manual' }
    const values = Array.from({ length: 96 }, (_, i) => (i >= 68 && i < 76 ? (i < 72 ? 51_000 : 30_000) : null))
    await engineer.ask(operations.saveManualSchedule, { params, body: { resolution: 'PT15M', values }, version: 1 })

    const page = await open('/dispatch')
    await page.getByRole('row', { name: /^Premier Park depot Not seen 82\.0.kW not known/ }).waitFor()
    await page.getByRole('row', { name: /^Islington depot Short 38\.0.kW 20\.0.kW 18\.0.kW/ }).click()
    await page.getByRole('heading', { name: 'Reserve for Islington depot' }).waitFor()
    // As last sent 17 minutes ago: it fades, and the reading before stands below it.
    const sent = page
      .locator('section')
      .filter({ has: page.getByRole('heading', { name: 'Live readings of its FSP' }) })
    await sent.getByText('The whole FU').waitFor()
    await sent.getByText(/^10\.2kW· old, 17.min$/).waitFor()
    await sent.getByText('17:20:00').waitFor()
    await sent.getByText(/^10\.9.kW$/).waitFor()
    await page.getByLabel('FUs behind').selectOption('lpn-city-road')
    await page.getByText('10.0 kW, 18:00 to 19:00').first().waitFor()
    await page.getByText('£330.00/MWh').waitFor()
    await page.getByText('Out of service', { exact: true }).waitFor()
    expect(await page.getByRole('checkbox', { name: 'Whitechapel depot' }).isChecked()).toBe(true)
    await page.getByRole('button', { name: 'Issue reserve' }).click()
    await page.getByText(/Instructs 1 FU at once/).waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Issue reserve' }).click()
    await page.getByRole('heading', { name: 'Issued at 17:52 by flex' }).waitFor()

    const { items } = await read(operations.listInstructions, { query: { day: '2026-01-15', fuId: params.fuId } })
    const live = items.filter((each: { state: string }) => each.state === 'acknowledged')
    const from18 = live.flatMap((each: { intervals: { from: string; turnDownW: number }[] }) =>
      each.intervals.filter(({ from }) => from >= '2026-01-15T18:00:00Z').map(({ turnDownW }) => turnDownW),
    )
    expect(new Set(from18)).toEqual(new Set([40_000]))
  })
  test('is accessible by axe in light and dark, and fits into 400 px', { timeout: 120_000 }, async () => {
    await expectGoodScreens(await open('/dispatch'), [
      ['/dispatch', 'Dispatch', 'Delivery now'],
      [`/dispatch?fu=${islington}&reserve=true&node=lpn-city-road`, 'Dispatch', 'Issued at 17:52 by flex'],
      [`/dispatch?fu=${premierPark}&reserve=true&node=lpn-willesden`, 'Dispatch', 'Missing, if nothing is delivered'],
    ])
  })
})

describe('reserve that is not needed', () => {
  test('is released by the day, from the board over the contract, in two steps with what it gives back', async () => {
    const page = await open(`/dispatch?fu=${scene.depotFlex.fuOf('Dartford')}`)
    await page.getByRole('link', { name: 'Contract of the reserve' }).click()
    await page.getByRole('heading', { name: 'Contract of Dartford depot', level: 1 }).waitFor()
    // Tomorrow is a Friday: of the span to Monday two days have a window of two hours.
    await page.getByLabel('Last day to release').fill('2026-01-19')
    expect(await page.getByRole('button', { name: 'Release the reserve' }).isDisabled()).toBe(true)
    await page.getByLabel('Why it is not needed').fill('Mild weather')
    await page.getByRole('button', { name: 'Release the reserve' }).click()
    const dialog = page.getByRole('dialog')
    // By hand: 4 h of 0.035 MW at £10 per MW per h.
    await dialog
      .getByText(/Gives back 35\.0.kW of Dartford depot on 2 days, 16 Jan to 19 Jan 2026: 4\.0 .*£1\.40/)
      .waitFor()
    await dialog.getByRole('button', { name: 'Release the reserve' }).click()
    await page.getByText('Fri 16 Jan 2026; Mon 19 Jan 2026').waitFor()
    const { items } = await read(operations.listContracts, {})
    const { releasedDays, contractId } = items.find((each: { fuName: string }) => each.fuName === 'Dartford depot')
    expect(releasedDays).toEqual(['2026-01-16', '2026-01-19'])
    // Of an operator it is only read.
    const other = await open(`/market/contracts/${contractId}`, await scene.seeded('operator'))
    await other.getByText('Fri 16 Jan 2026; Mon 19 Jan 2026').waitFor()
    expect(await other.getByRole('button', { name: 'Release the reserve' }).isDisabled()).toBe(true)
    await expectGoodScreens(page, [
      [`/market/contracts/${contractId}`, 'Contract of Dartford depot', 'Fri 16 Jan 2026; Mon 19 Jan 2026'],
    ])
  })
})

describe('an emergency stop', () => {
  test('takes two steps, states what it ends in figures, and is lifted in two', { timeout: 60_000 }, async () => {
    const page = await open('/dispatch')
    await page.getByRole('button', { name: 'Emergency stop' }).click()
    const dialog = page.getByRole('dialog')
    expect(await dialog.getByRole('button', { name: 'Next' }).isDisabled()).toBe(true)
    await dialog.getByLabel('Reason').fill('Fault at City Road')
    await dialog.getByRole('button', { name: 'Next' }).click()
    // One of them is the reserve that Whitechapel was asked for from 18:30 on.
    await dialog.getByText('Ends 15 turn-downs, up to 219.0 kW at a time, at 2 FSPs.').waitFor()
    expect((await read(operations.listStops, {})).items).toEqual([])
    await dialog.getByRole('button', { name: 'Stop now' }).click()
    await page.getByText('Dispatch to all FSPs is stopped').waitFor()
    expect((await read(operations.listStops, {})).items).toMatchObject([{ fspId: null, reason: 'Fault at City Road' }])
    await page.getByRole('button', { name: 'Lift the stop' }).click()
    await dialog.getByText('Instructions that the stop ended stay ended.').waitFor()
    await dialog.getByRole('button', { name: 'Lift the stop' }).click()
    await expect.poll(() => page.getByText('Dispatch to all FSPs is stopped').count()).toBe(0)
  })
})
