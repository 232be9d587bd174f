import { beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../../../schemas/operations.ts'
import type { Client } from '../../../../test/support/client.ts'
import { moveStatement } from '../../../../test/support/second-person.ts'
import { expectGoodScreens } from '../../../test/support/portal.ts'
import { eventDay, type SettlementScene, startSettlement } from '../../../test/support/settlement.ts'

let scene: SettlementScene
let clerk: Client
let path: string

beforeAll(async () => {
  scene = await startSettlement()
  clerk = await scene.seeded('settlement')
  path = `/settlement/${scene.statement.statementId}`
}, 180_000)

const open = (at: string, who = clerk) => scene.open(who, at)

/** The number of the line of Islington’s that was instructed first. */
const instructedLine = () => {
  const { fuId } = scene.units['Islington'] as { fuId: string }
  const found = scene.statement.lines.find((line) => line.fuId === fuId && line.instructedW !== null)
  if (!found) throw new Error('no line was instructed')
  return found
}

describe('a statement', () => {
  test('opens each line to its inputs and arithmetic', async () => {
    const page = await open('/settlement')
    await page.getByRole('link', { name: scene.statement.number }).click()
    const line = instructedLine()
    await page
      .getByRole('region', { name: 'Sums by FU' })
      .getByRole('row', { name: /Islington/ })
      .click()
    const lines = page.getByRole('region', { name: 'Lines', exact: true })
    await lines.getByRole('row', { name: new RegExp(`^${line.number} `) }).click()
    await page.getByText('clamp(baseline − metered, 0, accepted)').waitFor()
    await page.getByText('31 Dec 17:00').waitFor()
    expect(line).toMatchObject({ baselineWh: 12_000, meteredWh: 2_000 })
    expect(await page.getByText('clamp(12000 − 2000, 0, 10000)').count()).toBe(1)
  })
  test('shows one FU’s lines only when it is chosen', async () => {
    const page = await open(path)
    const own = scene.statement.lines.filter((line) => line.fuName === 'Dartford depot').length
    await page
      .getByRole('region', { name: 'Sums by FU' })
      .getByRole('row', { name: /Dartford/ })
      .click()
    await page.getByText(`Lines (${own} lines)`).waitFor()
    expect(own).toBeLessThan(scene.statement.lineCount)
  })
  test('tells how often and how long each FU failed', async () => {
    const page = await open(path)
    const row = page.getByRole('region', { name: 'Sums by FU' }).getByRole('row', { name: /^Dartford depot/ })
    // Three of four quarter-hours in a row went without a turn-down.
    await expect.poll(() => row.textContent()).toMatch(/25\.0.%33£\d+\.\d\d$/)
  })
  test('downloads as CSV', async () => {
    const page = await open(path)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'CSV' }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/2026-01-A-0001.*\.csv$/)
  })
  test('FA10 is prepared for an FSP, a product and a month', async () => {
    const page = await open('/settlement')
    await page.getByRole('button', { name: 'Prepare a statement' }).click()
    await page.getByLabel('Month').fill('2025-12')
    await page.getByRole('button', { name: 'Prepare', exact: true }).click()
    await page.getByRole('heading', { name: 'Statement 2025-12-A-0001' }).waitFor()
    expect((await clerk.ask(operations.listStatements)).body.items).toContainEqual(
      expect.objectContaining({ product: 'A', month: '2025-12', fspId: scene.fsp.fspId, preparedBy: 'settlement' }),
    )
  })
})

describe('baselines side by side', () => {
  test('are compared by method, the chosen one told in a line', async () => {
    const page = await open(`/baselines?fu=${scene.units['Islington']?.fuId}&day=${eventDay}`)
    await page.getByRole('img', { name: /by recent history; metered/ }).waitFor()
    await page.getByRole('row', { name: /^mid 8 in 10/ }).click()
    await page.getByRole('img', { name: /by mid 8 in 10; metered/ }).waitFor()
  })
})

describe('every screen of settlement', () => {
  test('is accessible by axe in light and dark, and fits into 400 px', { timeout: 120_000 }, async () => {
    await expectGoodScreens(await open('/settlement'), [
      ['/settlement', 'Settlement', '2026-01-A-0001'],
      [`${path}?line=${instructedLine().number}`, 'Statement 2026-01-A-0001', 'clamp(baseline'],
      [`/baselines?fu=${scene.units['Islington']?.fuId}&day=${eventDay}`, 'Settlement', 'nominated by the FSP'],
    ])
  })
})

describe('approval', () => {
  test('goes step by step, each stating what it does in figures, by two people', { timeout: 60_000 }, async () => {
    const { lineCount, totalGbp } = scene.statement
    const pounds = Number(totalGbp).toLocaleString('en-GB', { minimumFractionDigits: 2 })
    const page = await open(path)
    await page.getByRole('button', { name: 'Check' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(`States that £${pounds} in ${lineCount} lines for Depot Flex Ltd has been checked`).waitFor()
    await dialog.getByRole('button', { name: 'Check' }).click()
    await expect.poll(() => dialog.count()).toBe(0)
    const second = await open(path, await scene.person('sven', 'settlement'))
    await second.getByRole('button', { name: 'Approve' }).click()
    await second.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
    await second.getByRole('button', { name: 'Issue' }).waitFor()
    expect(
      (await clerk.ask(operations.readStatement, { params: { id: scene.statement.statementId } })).body,
    ).toMatchObject({
      state: 'approved',
      checkedBy: 'settlement',
      approvedBy: 'sven',
    })
  })
})

describe('a dispute', () => {
  test('is raised about a line and decided with a reason', { timeout: 60_000 }, async () => {
    const { number } = instructedLine()
    await moveStatement(clerk, scene.statement.statementId, 'issue')
    const page = await open(`${path}?line=${number}`)
    await page.getByLabel('What is disputed, and why').fill('Our meter says more')
    await page.getByRole('button', { name: `Dispute line ${number}` }).click()
    await page.getByText('Our meter says more').waitFor()
    await page.getByLabel('Decision', { exact: true }).selectOption('rejected')
    await page.getByLabel('Reason for the decision').fill('The hub agrees with the meter data')
    await page.getByRole('button', { name: 'Decide' }).click()
    await page.getByText(/The hub agrees with the meter data \(settlement, \d+ Feb \d\d:\d\d\)/).waitFor()
    expect(
      (await clerk.ask(operations.listDisputes, { params: { id: scene.statement.statementId } })).body.items,
    ).toMatchObject([
      {
        lineNumber: number,
        reason: 'Our meter says more',
        state: 'rejected',
        outcome: 'The hub agrees with the meter data',
      },
    ])
  })
})
