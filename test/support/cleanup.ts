import { afterAll, afterEach, TestRunner } from 'vitest'

type Work = () => unknown

const [afterFile, afterTest]: [Work[], Work[]] = [[], []]

/**
 * Has vitest call what `atEnd` was given. A hook of vitest that is called in another hook or in a test is dropped without a word; called
 * before each file these count, and do what helpers have left to them from wherever they were called.
 */
export function cleanUpAfterFileAndTest(): void {
  afterAll(() => doAll(afterFile))
  afterEach(() => doAll(afterTest))
}

/**
 * Does something when the test that calls it, or whose `beforeEach` does, is done, and otherwise when the file is; the last first. A failure
 * fails the test. What each test opens must not stay open until the last: servers hold dozens of database connections.
 */
export function atEnd(work: Work): void {
  const works = TestRunner.getCurrentTest() ? afterTest : afterFile
  works.push(work)
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
