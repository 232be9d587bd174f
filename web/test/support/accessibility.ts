import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** What is wrong with a screen whoever looks at it: by axe in light and in dark, and wider than 400 px. */
export async function screenFaults(page: Page): Promise<string[]> {
  const faults = await accessibilityFaults(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.locator('html[data-mantine-color-scheme="dark"]').waitFor()
  faults.push(...(await accessibilityFaults(page)).map((fault) => `in dark: ${fault}`))
  const before = page.viewportSize()
  await page.setViewportSize({ width: 400, height: 800 })
  const width = Number(await page.evaluate('document.documentElement.scrollWidth'))
  if (width > 400) faults.push(`needs ${width} px`)
  await page.emulateMedia({ colorScheme: 'light' })
  if (before) await page.setViewportSize(before)
  return faults
}

interface AxeResult {
  violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[]
}

/** What axe finds wrong with a page by WCAG 2.2 A and AA and its best practices, one line each. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const result = (await page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
  )) as AxeResult
  return result.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} (${node.failureSummary.split('\n')[1]?.trim()})`),
  )
}
