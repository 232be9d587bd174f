import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** Waits until no part of the page waits for its data; several may load at once. Parts are busy before their sign of waiting is to be seen. */
export async function expectLoaded(page: Page): Promise<void> {
  await expect.poll(() => page.locator('[aria-busy=true]').count(), { timeout: 20_000 }).toBe(0)
}
