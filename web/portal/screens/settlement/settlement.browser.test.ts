import { describe, expect, test } from 'vitest'
import { portalUnderTest, testEveryScreen } from '../../../test/support/portal.ts'

const portal = portalUnderTest()
const { open } = portal

describe('a statement', () => {
  test('opens each line to its inputs and arithmetic', async () => {
    const page = await open('/settlement')
    await page.getByRole('link', { name: '2026-01-A-0001' }).click()
    const lines = page.getByRole('region', { name: 'Lines', exact: true })
    await lines.getByRole('row', { name: /^9 / }).click()
    await page.getByText('clamp(baseline − metered, 0, instructed)').waitFor()
    await page.getByText('14 Jan 18:00').waitFor()
    expect(await page.getByText('= clamp(26660 − 16685, 0, 9500)').count()).toBe(1)
  })
  test('shows one FU’s lines only when it is chosen', async () => {
    const page = await open('/settlement/any')
    await page
      .getByRole('region', { name: 'Sums by FU' })
      .getByRole('row', { name: /Dartford/ })
      .click()
    await page.getByText('Lines (128 lines)').waitFor()
  })
  test('tells how often and how long each FU failed', async () => {
    const page = await open('/settlement/any')
    const row = page.getByRole('region', { name: 'Sums by FU' }).getByRole('row', { name: /^Dartford depot/ })
    await expect.poll(() => row.textContent()).toMatch(/93\.2.%73£161\.73$/)
  })
  test('downloads as CSV', async () => {
    const page = await open('/settlement/any')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'CSV' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('statement.csv')
  })
  test('FA10 is prepared for an FSP, a product and a month', async () => {
    const page = await open('/settlement')
    await page.getByRole('button', { name: 'Prepare a statement' }).click()
    await page.getByLabel('Month').fill('2026-01')
    await page.getByRole('button', { name: 'Prepare', exact: true }).click()
    await page.getByRole('heading', { name: 'Statement 2026-01-A-0001' }).waitFor()
    expect(portal.server.written.at(-1)?.body).toMatchObject({ product: 'A', month: '2026-01' })
  })
})

describe('approval', () => {
  test('goes step by step, each stating what it does in figures', async () => {
    const page = await open('/settlement/any')
    await page.getByRole('button', { name: 'Check' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Says that £1,797.02 in 768 lines for Depot Flex Ltd has been looked through').waitFor()
    await dialog.getByRole('button', { name: 'Check' }).click()
    await page.getByRole('button', { name: 'Approve' }).click()
    await dialog.getByRole('button', { name: 'Approve' }).click()
    await page.getByRole('button', { name: 'Issue' }).waitFor()
    expect(portal.server.written.map((w) => w.body)).toEqual([{ event: 'check' }, { event: 'approve' }])
  })
})

describe('a dispute', () => {
  test('is raised about a line and decided with a reason', async () => {
    const page = await open('/settlement/any?line=9')
    await page.getByLabel('What is disputed, and why').fill('Our meter says more')
    await page.getByRole('button', { name: 'Dispute line 9' }).click()
    await page.getByText('Our meter says more').waitFor()
    await page.getByLabel('Decision', { exact: true }).selectOption('rejected')
    await page.getByLabel('Reason for the decision').fill('The hub agrees with the meter data')
    await page.getByRole('button', { name: 'Decide' }).click()
    await page.getByText('The hub agrees with the meter data (engineer, 15 Jan 17:52)').waitFor()
    expect(portal.server.written.map((w) => w.body)).toEqual([
      { lineNumber: 9, reason: 'Our meter says more' },
      { state: 'rejected', outcome: 'The hub agrees with the meter data' },
    ])
  })
})

describe('baselines side by side', () => {
  test('are compared by method, the chosen one told in a line', async () => {
    const page = await open('/baselines?day=2026-01-15')
    await page.getByRole('img', { name: /by recent history; metered/ }).waitFor()
    await page.getByRole('row', { name: /^mid 8 in 10/ }).click()
    await page.getByRole('img', { name: /by mid 8 in 10; metered/ }).waitFor()
  })
})

describe('every screen of settlement', () => {
  testEveryScreen(portal, [
    ['/settlement', 'Settlement', '2026-01-A-0001'],
    ['/settlement/any?line=9', 'Statement 2026-01-A-0001', 'clamp(baseline'],
    ['/baselines?day=2026-01-15', 'Settlement', 'nominated by the FSP'],
  ])
})
