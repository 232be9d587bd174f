import { describe, expect, test } from 'vitest'
import { portalUnderTest, testEveryScreen } from '../../../test/support/portal.ts'

const portal = portalUnderTest()
const { open } = portal
const islingtonUnit = '00000000-0000-4000-8000-000200000000'
const quarterHour = `/dispatch?fu=${islingtonUnit}&at=2026-01-15T17%3A00%3A00Z`

describe('an emergency stop', () => {
  test('takes two steps, states what it ends in figures, and is lifted in two', async () => {
    const page = await open('/dispatch')
    await page.getByRole('button', { name: 'Emergency stop' }).click()
    const dialog = page.getByRole('dialog')
    expect(await dialog.getByRole('button', { name: 'Next' }).isDisabled()).toBe(true)
    await dialog.getByLabel('Reason').fill('Fault at City Road')
    await dialog.getByRole('button', { name: 'Next' }).click()
    await dialog.getByText('Ends 15 turn-downs, up to 219.0 kW at a time, at 1 FSP.').waitFor()
    expect(portal.server.written).toEqual([])
    await dialog.getByRole('button', { name: 'Stop now' }).click()
    await page.getByText('Dispatch to all FSPs is stopped').waitFor()
    expect(portal.server.written[0]?.body).toEqual({ fspId: null, reason: 'Fault at City Road' })
    await page.getByRole('button', { name: 'Lift the stop' }).click()
    await dialog.getByText('What the stop ended stays ended.').waitFor()
    await dialog.getByRole('button', { name: 'Lift the stop' }).click()
    await expect.poll(() => page.getByText('Dispatch to all FSPs is stopped').count()).toBe(0)
  })
})

describe('a quarter-hour', () => {
  test('shows what went back and forth with the FSP, and why the optimisation chose so many W', async () => {
    const page = await open(quarterHour)
    await page.getByText('Sent: accepted').waitFor()
    await page.getByText('FSP reports started').waitFor()
    await page.getByText('38.0 kW of 60.0 kW').waitFor()
    expect(await page.getByText('Next: Mount Pleasant depot').count()).toBe(1)
  })
})

describe('an instruction without an answer', () => {
  test('FB08 is confirmed by hand, with who answered and how', async () => {
    const page = await open('/dispatch?fu=00000000-0000-4000-8000-000200000005&at=2026-01-15T18%3A00%3A00Z')
    await page.getByLabel('What the FSP answered').selectOption({ label: 'Refused: out of service' })
    await page.getByLabel('Who answered, and how').fill('Fay Fleet, by telephone')
    await page.getByRole('button', { name: 'Record' }).click()
    await expect
      .poll(() => portal.server.written[0]?.body)
      .toEqual({
        outcome: 'refused',
        reason: 'out-of-service',
        note: 'Fay Fleet, by telephone',
      })
  })
})

describe('the optimisation', () => {
  test('is run for the day and product on the screen, and names the node that is short', async () => {
    const page = await open('/dispatch?product=B&day=2026-01-16')
    await page.getByText('12.0 kW short at 17:45').waitFor()
    await page.getByRole('button', { name: 'Optimise the day' }).click()
    await expect.poll(() => portal.server.written[0]?.body).toEqual({ tradingDay: '2026-01-16', product: 'B' })
  })
})

describe('schedules that FSPs submit', () => {
  test('open as a chart', async () => {
    const page = await open('/market/schedules')
    await page.getByRole('row', { name: /^Islington depot Cost/ }).click()
    await page.getByRole('img', { name: 'Cost, revision 1: 310.0 £/MWh all day.' }).waitFor()
  })
  test('are uploaded as a file, and a flaw is told with its line', async () => {
    const page = await open('/market/schedules')
    const file = (content: string) => ({ name: 'schedules.csv', mimeType: 'text/csv', buffer: Buffer.from(content) })
    await page.getByLabel('Schedule file').setInputFiles(file('fu\nflawed\n'))
    await page.getByText('Line 3: there is no FU “nobody”. Nothing was taken.').waitFor()
    await page.getByLabel('Schedule file').setInputFiles(file('fu\na\nb\n'))
    await page.getByText('2 schedules taken, 0 unchanged.').waitFor()
  })
})

describe('every screen of dispatch', () => {
  testEveryScreen(portal, [
    ['/dispatch', 'Dispatch', '12.0 kW short at 17:45'],
    [quarterHour, 'Dispatch', 'Why the optimisation chose it'],
    [`/market/schedules?schedule=${islingtonUnit}%20baseline`, 'Market', 'Baseline, revision 2'],
  ])
})
