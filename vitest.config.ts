import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/support/longest-first.ts'

export default defineConfig({
  test: {
    include: ['{schemas,platform,dnp3-gateway,server,fsp,cli,seeds,test,tools}/**/*.test.ts', 'web/**/*.test.{ts,tsx}'],
    // `--changed` follows imports, and nothing imports a migration: every test with a database depends on each.
    forceRerunTriggers: [
      '**/package.json',
      '**/vitest.config.ts',
      '**/test/support/global-setup.ts',
      '**/migrations/*.sql',
    ],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    execArgv: ['--import', new URL('platform/modules/resolving.ts', import.meta.url).href],
    maxWorkers: 2,
    // A worker loads the modules of the server once instead of once a file, which took a quarter of the suite.
    isolate: false,
    setupFiles: ['test/support/each-file.ts'],
    sequence: { sequencer: LongestFirst },
    // Limits of a machine that does much else besides: nothing waits for them.
    testTimeout: 180_000,
    hookTimeout: 240_000,
    teardownTimeout: 20_000,
    // What is polled for is real I/O: on a machine under load a second is short.
    expect: { poll: { timeout: 10_000 } },
  },
})
