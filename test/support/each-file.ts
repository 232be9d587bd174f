import { cleanUpAfterFileAndTest } from './cleanup.ts'

// Files share the modules of their worker; this one is run again before each of them.
cleanUpAfterFileAndTest()
