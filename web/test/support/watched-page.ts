import type { BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import { atEnd } from '../../../test/support/cleanup.ts'

/** A page of a visitor. What the page complains of fails the test in which it did. */
export async function watchedPage(visitor: BrowserContext): Promise<Page> {
  const complaints: string[] = []
  atEnd(async () => {
    await visitor.close()
    expect(complaints).toEqual([])
  })
  const page = await visitor.newPage()
  page.setDefaultTimeout(20_000)
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    // A refused call is what some tests are about.
    const refused = message.text().startsWith('Failed to load resource')
    if (message.type() === 'error' && !refused) complaints.push(message.text())
  })
  return page
}
