import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take a minute or more, the longest first. */
const long = [
  'test/acceptance/day.test.ts',
  'server/dispatch/crash-of-products.test.ts',
  'server/dispatch/crash.test.ts',
  'server/dispatch/crash-of-limits.test.ts',
  'server/settlement/statements/lines/naive-site.test.ts',
  'web/portal/portal.browser.test.ts',
]

/** Begins with the longest files, so that none of them runs alone at the end while the other worker has nothing to do. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const found = long.findIndex((path) => moduleId.endsWith(path))
      return found === -1 ? long.length : found
    }
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}
