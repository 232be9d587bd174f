import { defineConfig } from 'vitest/config'

/** Tests of the settlement rules alone, without a database, for mutation testing (`npx stryker run`). */
export default defineConfig({
  test: {
    include: [
      'server/settlement/{payments,baselines}/rules.test.ts',
      'server/settlement/statements/issuing/states.test.ts',
      'test/cases/settlement/cases.test.ts',
    ],
    pool: 'forks',
  },
})
