import { afterAll, afterEach } from 'vitest'

type Work = () => unknown

const [atEnd, afterTest]: [Work[], Work[]] = [[], []]

// A hook of vitest that is called in another hook or in a test is dropped without a word. These two are called when a test file imports
// this module, so they count, and do what helpers have left to them from wherever they were called.
afterAll(() => doAll(atEnd))
afterEach(() => doAll(afterTest))

/** Does something when the test file is done, the last first; may be called in hooks and tests. */
export function atFileEnd(work: Work): void {
  atEnd.push(work)
}

/** Does something when the present test is done; its failure fails the test. */
export function atTestEnd(work: Work): void {
  afterTest.push(work)
}

/** Does all, even if some fail. */
async function doAll(works: Work[]): Promise<void> {
  const failures: unknown[] = []
  for (const work of works.splice(0).reverse()) {
    try {
      await work()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length === 1) throw failures[0]
  if (failures.length > 1) throw new AggregateError(failures, `${failures.length} failures in cleaning up`)
}
